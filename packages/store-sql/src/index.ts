export { type ColumnValue, nullable, numberOf, oneOf, type Row, textOf } from "./column.ts";
export { corruptError } from "./corrupt-error.ts";
export { databaseAddress, passwordHint } from "./database-address.ts";
export {
  changingColumns,
  changingValues,
  copyNewJob,
  jobColumns,
  jobStatuses,
  logHeadText,
  patchJob,
} from "./job-row.ts";
export {
  asciiLowerCase,
  leadColumnOf,
  leadKeyColumns,
  leadKeyValues,
  searchedLeadColumns,
} from "./lead-key.ts";
export { likePatterns } from "./like-pattern.ts";
export { createPassedOver, type PassedOver } from "./passed-over.ts";
export { eventColumns, leadKeyOf, readEventRow, readLeadText, writtenEvent } from "./row-of-job.ts";
export { scheduleMark } from "./schedule-mark.ts";
export {
  assertReadable,
  claimFaultOf,
  isStoredJob,
  type ListedRow,
  readJobRow,
  type StoredJob,
} from "./stored-job.ts";
export { freezeJson, parseStored } from "./stored-json.ts";
export { type FoundRow, peopleTables, type RowWindow } from "./stored-row.ts";
export {
  arrivedJob,
  copyGone,
  erasedMeanwhile,
  erasingScopes,
  headColumns,
  idTaken,
  movedColumns,
  movedValues,
  otherKey,
  readHead,
  readTransferJob,
  transferJobColumns,
  transferRow,
  unfinishedCopy,
} from "./transfer-job.ts";
export {
  copiedName,
  copyingId,
  copyingPattern,
  copyingTenant,
  movedError,
  movedName,
} from "./transfer-name.ts";
export { type TransferTable, transferTables } from "./transfer-table.ts";
