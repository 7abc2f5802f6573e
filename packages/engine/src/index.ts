export { type ChainGrowth, chainEvents } from "./chain/chain-events.ts";
export type { EventLink, LogHead } from "./chain/log-head.ts";
export {
  type LogProblem,
  type LogVerification,
  type UncoveredEvents,
  verifyLog,
} from "./chain/verify-log.ts";
export { applyOverrides, type CampaignOverride, overrideMark } from "./config/apply-overrides.ts";
export { type CampaignConfig, campaignConfigSchema } from "./config/campaign-config.ts";
export { nearestName } from "./config/nearest-name.ts";
export { type ParseCampaignOptions, parseCampaign } from "./config/parse-campaign.ts";
export { defaultScoringWeights, type ScoringPart, type ScoringWeights } from "./config/scoring-config.ts";
export { formatStarsRange, type StarsRange } from "./config/stars-range.ts";
export {
  readSuppressEntry,
  type SuppressionEntry,
  type SuppressionKind,
  suppressionKinds,
} from "./config/suppress-entry.ts";
export type { Engine, EngineOptions, SubmitOptions } from "./engine/engine.ts";
export { engineVersion } from "./engine/engine-version.ts";
export { createJobId } from "./engine/job-id.ts";
export type { LeadPage, LeadPageQuery } from "./engine/lead-page.ts";
export type { LeadQuery } from "./engine/read-leads.ts";
export {
  findSubmission,
  type SubmissionKey,
  type SubmitOnceOptions,
  submissionKeyMs,
  submitOnce,
} from "./engine/submit-once.ts";
export { createUnifiedEngine } from "./engine/unified-engine.ts";
export type { WatchOptions } from "./engine/watch.ts";
export { CmoError, type CmoErrorDetails, type ErrorCode, errorCodes, toCmoError } from "./error/cmo-error.ts";
export { canonicalLog } from "./event/canonical-log.ts";
export { type Channel, channelOf, channels } from "./event/channel.ts";
export { type DataCode, dataCodes, isDataCode } from "./event/data-code.ts";
export { encodeJobEvent } from "./event/encode-job-event.ts";
export { decodeJobEvent, parseJobEvent } from "./event/event-codec.ts";
export { type EventData, type EventError, eventDataSchemas } from "./event/event-data.ts";
export type { EventDraft } from "./event/event-draft.ts";
export { isKnownEventType, type KnownEventType, knownEventTypes } from "./event/event-type.ts";
export {
  asKnownEvent,
  eventVersion,
  isTerminalEvent,
  type JobEvent,
  type KnownJobEvent,
} from "./event/job-event.ts";
export type { DesiredStatus, Job, JobPatch, Lease, Snapshot } from "./job/job.ts";
export {
  corruptJob,
  corruptJobPart,
  findClaimFault,
  findReadFault,
  type StoredFolds,
} from "./job/job-fault.ts";
export { canMove, isTerminalStatus, type JobStatus, moveStatus } from "./job/job-status.ts";
export { isReadable, type ListedJob, type UnreadableJob } from "./job/listed-job.ts";
export { hasLiveLease } from "./job/live-lease.ts";
export { localTenant } from "./job/local-tenant.ts";
export { canonicalJson } from "./json/canonical-json.ts";
export {
  type Lead,
  leadColumns,
  leadSchema,
  type Provenance,
  type ScoreReason,
  withoutFetchTimes,
} from "./lead/lead.ts";
export {
  enforceRetention,
  type RetentionOptions,
  type RetentionOutcome,
} from "./people/enforce-retention.ts";
export {
  type EraseJobsOptions,
  eraseEverything,
  eraseJobs,
  eraseOlderThan,
  type JobErasure,
  jobsOlderThan,
} from "./people/erase-jobs.ts";
export { type ErasePersonOptions, erasePerson, type PersonErasure } from "./people/erase-person.ts";
export { createEventScreen } from "./people/event-without-person.ts";
export { firstSeenCampaign } from "./people/first-seen-campaign.ts";
export type { PeopleParts } from "./people/people-parts.ts";
export { type PersonRecord, type PersonReport, showPerson } from "./people/show-person.ts";
export { type FileOptions, type StaleFiles, settleStaleFiles, staleFiles } from "./people/stale-files.ts";
export type { TenantOptions } from "./people/tenant-rows.ts";
export type {
  Agent,
  AgentContext,
  AgentMemory,
  AgentPeople,
  Belonging,
  Estimate,
  MemoryChange,
  PersonIdentity,
  RunBatch,
  StageReport,
  StoredValue,
  TaskAnswer,
  TaskCache,
  TaskItem,
  TaskOptions,
  TaskOutcome,
} from "./port/agent.ts";
export type { Calendar, RecurringTime, RecurringTimeProblem } from "./port/calendar.ts";
export { type Clock, createClock, type HostTimers } from "./port/clock.ts";
export { type Digest, digestText, type HashStream } from "./port/digest.ts";
export type { LeadExporter } from "./port/exporter.ts";
export type {
  AgentRecord,
  AgentRecordChange,
  CreateJobOptions,
  JobChange,
  JobWrite,
  LogRow,
  NewJob,
  SourceNote,
  TaskResult,
} from "./port/job-change.ts";
export type { ClaimRequest, JobFilter, QueueFacts, WorkLimits } from "./port/job-query.ts";
export { type LeadFilter, type LeadSelection, type LeadSortKey, leadSortKeys } from "./port/lead-filter.ts";
export type { MailAnswer, MailPort } from "./port/mail.ts";
export type { Random } from "./port/random.ts";
export type {
  ActivityWindow,
  BatchKind,
  Contributor,
  MissingReason,
  OpenTool,
  PersonProfile,
  RepositoryActivity,
  RepositoryPage,
  RepositoryQuery,
  RepositoryRecord,
  Source,
  SourceAnswer,
  SourceCall,
  SourcePreflight,
  ToolOutcome,
} from "./port/source.ts";
export type { Store } from "./port/store.ts";
export type {
  JobPart,
  MovedMark,
  StorePart,
  StoreTransfer,
  TransferEnd,
  TransferHead,
  TransferJob,
  TransferMarks,
  TransferPage,
  TransferRow,
  TransferValue,
} from "./port/store-transfer.ts";
export type {
  Erasure,
  ErasureScope,
  ExportedPath,
  FirstSeen,
  ListedSuppression,
  RowEdit,
  StoredRow,
  SuppressedEntry,
} from "./port/stored-people.ts";
export { cleanText } from "./progress/clean-text.ts";
export { foldProgress } from "./progress/fold-progress.ts";
export { initialProgress } from "./progress/initial-progress.ts";
export { mergeEvents } from "./progress/merge-events.ts";
export { normalizeUpdate } from "./progress/normalize-update.ts";
export type { Progress, ProgressStage } from "./progress/progress.ts";
export type { ProgressEvent } from "./progress/progress-event.ts";
export { reduceProgress } from "./progress/reduce-progress.ts";
export type { Problem } from "./result/problem.ts";
export type { Result } from "./result/result.ts";
export { followingJobId } from "./schedule/following-job-id.ts";
export { isUnbegun, scheduleOf, withoutSchedule } from "./schedule/schedule-of.ts";
export { type CliSinkOptions, type CliSinks, createCliSinks } from "./sink/cli-sinks.ts";
export { filterChannels } from "./sink/filter-channels.ts";
export { jsonLinesSink } from "./sink/json-lines-sink.ts";
export { memorySink } from "./sink/memory-sink.ts";
export { multiplex } from "./sink/multiplex.ts";
export type { Sink } from "./sink/sink.ts";
export { windowLengthOf } from "./spec/activity-window.ts";
export type { Baseline } from "./spec/baseline.ts";
export { baselineOf } from "./spec/baseline-of.ts";
export { type CreateJobSpecOptions, createJobSpec, type SpecAgent } from "./spec/create-job-spec.ts";
export { type JobSpec, jobSpecSchema } from "./spec/job-spec.ts";
export { jobSpecDefaults } from "./spec/job-spec-default.ts";
export { parseJobSpec } from "./spec/parse-job-spec.ts";
export { specDigestInput } from "./spec/spec-digest-input.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./store/memory-store.ts";
export { foldSummary, reduceSummary } from "./summary/reduce-summary.ts";
export { formatDuration, renderSummary, type SummaryTextOptions } from "./summary/render-summary.ts";
export {
  buildSummary,
  comparableSummary,
  type FunnelStep,
  type KnownPeople,
  type Prospect,
  type RunSummary,
  summaryOf,
  topProspectCount,
} from "./summary/run-summary.ts";
export {
  initialSummary,
  type SummaryArtifact,
  type SummaryCounts,
  type SummaryNote,
  type SummaryState,
} from "./summary/summary-state.ts";
export { hashSuppression } from "./suppression/hash-suppression.ts";
export { pseudonymFor } from "./suppression/pseudonym.ts";
export { suppressionEntriesOf } from "./suppression/suppression-entries.ts";
