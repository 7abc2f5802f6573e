export { type ColumnValue, nullable, numberOf, oneOf, type Row, textOf } from "./column.ts";
export { corruptError } from "./corrupt-error.ts";
export {
  changingColumns,
  changingValues,
  copyNewJob,
  jobColumns,
  jobStatuses,
  patchJob,
  readJobRow,
  type StoredJob,
} from "./job-row.ts";
export {
  asciiLowerCase,
  leadColumnOf,
  leadKeyColumns,
  leadKeyValues,
  searchedLeadColumns,
} from "./lead-key.ts";
export { likePatterns } from "./like-pattern.ts";
export { freezeJson, parseStored } from "./stored-json.ts";
export { type FoundRow, peopleTables, type RowWindow } from "./stored-row.ts";
