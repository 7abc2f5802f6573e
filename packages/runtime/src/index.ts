export { checkArtifactName, writeFileAtomically } from "@cmo/exporters";
export type { Divergence } from "./bundle/compare-outcomes.ts";
export { bundleFileMode, type ExportBundleOptions, exportBundle } from "./bundle/export-bundle.ts";
export { bundleFileName } from "./bundle/job-bundle.ts";
export { type BundledRun, openBundledRun } from "./bundle/open-bundled-run.ts";
export { type ReplayVerdict, replayBundle } from "./bundle/replay-bundle.ts";
export { type CheckedBundle, checkBundle, filesIn } from "./bundle/run-files.ts";
export { type FileVerdict, jobOfFile, type RunFiles, verifyFile } from "./bundle/verify-file.ts";
export { type CampaignSpecOptions, createCampaignSpec } from "./campaign/create-campaign-spec.ts";
export { type ResumeCampaignOptions, resumeCampaign } from "./campaign/resume-campaign.ts";
export { type CampaignResult, type RunCampaignOptions, runCampaign } from "./campaign/run-campaign.ts";
export type { ChaosDifference } from "./chaos/chaos-difference.ts";
export type { ChaosPoint, ChaosSelection } from "./chaos/chaos-point.ts";
export type { ChaosVerdict, DifferingPoint } from "./chaos/chaos-verdict.ts";
export type { Moment } from "./chaos/mortality.ts";
export type { PlanCampaignOptions } from "./chaos/plan-campaign.ts";
export {
  type ChaosBeginning,
  type ChaosProgress,
  type RehearseCrashesOptions,
  rehearseCrashes,
} from "./chaos/rehearse-crashes.ts";
export { formatProblems } from "./config/format-problems.ts";
export { type KeptConfigOptions, keptConfigText } from "./config/kept-config-text.ts";
export {
  type LoadCampaignOptions,
  loadCampaignFile,
  loadWrittenCampaign,
  type WrittenCampaign,
} from "./config/load-campaign-file.ts";
export { parseCampaignText } from "./config/parse-campaign-text.ts";
export { parseSetFlags } from "./config/parse-set-flags.ts";
export { readSuppressFile } from "./config/suppress-file.ts";
export type { CopiedJob, CopyProgress, CopyReport, LeftOut, PartCounts } from "./copy/copy-report.ts";
export { type CopyStoreOptions, copyStore } from "./copy/copy-store.ts";
export { type KeptLocation, openStoreEnds, type StoreEnd, type StoreEnds } from "./copy/store-end.ts";
export type { DoctorCheck } from "./doctor/doctor-check.ts";
export { type ExamineOptions, examine } from "./doctor/examine.ts";
export { checkExportDirectory } from "./export/check-export-directory.ts";
export {
  checkPresets,
  type ExportedFile,
  type ExportJobOptions,
  exportJob,
} from "./export/export-job.ts";
export {
  type LeadSlice,
  type RenderLeadsOptions,
  readLeadSlice,
  renderLeads,
} from "./export/render-leads.ts";
export { createNodeHost, type Environment, type Host, processEnvironment } from "./host/host.ts";
export { nodeDigest } from "./host/node-digest.ts";
export { nodeRandom } from "./host/node-random.ts";
export { createRedaction } from "./host/redact-text.ts";
export type { ApiKey, KeyDirectory, KeyRole } from "./key/key-directory.ts";
export { type KeysPlace, resolveKeysFile } from "./key/keys-place.ts";
export {
  type CreatedKey,
  createEnvironmentKey,
  createKey,
  listKeys,
  type NewKey,
  revokeKey,
} from "./key/manage-keys.ts";
export { type KeyDirectoryOptions, openKeyDirectory } from "./key/open-key-directory.ts";
export { keyRoles } from "./key/stored-key.ts";
export { isTenantName } from "./key/tenant-name.ts";
export { createDnsMail, type DnsMailOptions, type MailResolver } from "./mail/dns-mail.ts";
export { isReservedDomain } from "./mail/reserved-domain.ts";
export {
  type KeepMaintainedOptions,
  keepMaintained,
  type MaintenanceReport,
} from "./people/maintain-store.ts";
export {
  type PurgedFiles,
  type PurgeRuntime,
  peopleParts,
  purgeEverything,
  purgeJobs,
  purgeOlderThan,
  purgePerson,
} from "./people/purge.ts";
export type { RefreshedFile } from "./people/refresh-files.ts";
export { createRuntime, type Runtime, type RuntimeOptions } from "./runtime/create-runtime.ts";
export { type OpenRuntimeOptions, openRuntime, type StoredRuntime } from "./runtime/open-runtime.ts";
export { cronCalendar } from "./schedule/cron-calendar.ts";
export { type CampaignServiceOptions, createCampaignService } from "./service/create-campaign-service.ts";
export { type LeadSort, readLeadSort } from "./service/read-lead-sort.ts";
export type { ServiceRuntime } from "./service/service-parts.ts";
export { type JobObserver, joinObservers, observeJobs } from "./store/observe-jobs.ts";
export { openStore } from "./store/open-store.ts";
export { resolveStoreLocation, type StoreLocation, type StoreLocationFacts } from "./store/store-location.ts";
export { followRuns, type RunFollower } from "./telemetry/follow-runs.ts";
export {
  createLog,
  type Log,
  type LogFacts,
  type LogFormat,
  type LogLevel,
  type LogOptions,
  logFormats,
  logLevels,
} from "./telemetry/log.ts";
export { logRuns } from "./telemetry/log-runs.ts";
export { type OpenLogOptions, openLog } from "./telemetry/open-log.ts";
export { type OpenTelemetryOptions, openTelemetry, type Telemetry } from "./telemetry/open-telemetry.ts";
export type { RunListener } from "./telemetry/run-listener.ts";
