export {
  type AbsentLead,
  absenceCodes,
  type ChangedLead,
  type Difference,
  type DiffQuery,
  type JobDiff,
  jobDiffSchema,
  type KnownPerson,
  type MovedLead,
} from "./diff/job-diff.ts";
export {
  isJobSnapshot,
  type JobSnapshot,
  jobEventSchema,
  jobSnapshotSchema,
  type MultiplexedItem,
} from "./event/event-schema.ts";
export {
  type EstimateGroundsView,
  estimateGroundsSchema,
  type RunEstimateView,
  runEstimateSchema,
} from "./job/estimate-schema.ts";
export { type JobConfig, jobConfigSchema } from "./job/job-config.ts";
export { type JobState, jobStateOf, jobStates, type StatedJob } from "./job/job-state.ts";
export { jobStatuses, jobStatusSchema } from "./job/job-status-schema.ts";
export {
  type JobCircumstances,
  type JobDetail,
  type JobPage,
  type JobView,
  jobDetailOf,
  jobDetailSchema,
  jobPageSchema,
  jobViewOf,
  jobViewSchema,
  type UnreadableJobView,
  unreadableJobSchema,
  unreadableViewOf,
} from "./job/job-view.ts";
export { progressSchema } from "./job/progress-schema.ts";
export {
  type Artifact,
  type ArtifactList,
  artifactListSchema,
  artifactSchema,
  type LeadFileQuery,
  type LeadPage,
  type LeadPageQuery,
  type LeadsQuery,
  leadPageSchema,
  leadSorts,
} from "./lead/lead-query.ts";
export {
  type JobsErased,
  jobsErasedSchema,
  type PersonErased,
  type PersonView,
  personErasedSchema,
  personReportSchema,
} from "./people/person-schema.ts";
export {
  type SuppressionPage,
  type SuppressionRequest,
  type SuppressionState,
  suppressionPageSchema,
  suppressionRequestSchema,
  suppressionStateSchema,
} from "./people/suppression-schema.ts";
export {
  errorOfProblem,
  fieldProblemOf,
  fieldProblemSchema,
  type ProblemDetails,
  type ProblemDocument,
  problemDocumentOf,
  problemDocumentSchema,
  problemMediaType,
  statusOfError,
} from "./problem/problem-document.ts";
export {
  type BundleKind,
  bundleKinds,
  type CampaignService,
  type EventsQuery,
  type JobSelection,
  type JobsQuery,
  type ServedFile,
  type SubmitCall,
} from "./service/campaign-service.ts";
export {
  type ConfigRequest,
  configRequestSchema,
  type ForkRequest,
  forkRequestSchema,
  type SubmitRequest,
  submitRequestSchema,
  submitRequestSchemas,
} from "./submit/campaign-request.ts";
export {
  type CampaignEstimate,
  type ConfigSchema,
  campaignEstimateSchema,
  configSchemaSchema,
  type Submission,
  submissionSchema,
  type Validation,
  validationSchema,
} from "./submit/submission.ts";
export { runSummarySchema } from "./summary/summary-schema.ts";
export { instantOf, instantSchema } from "./text/instant.ts";
export {
  type JobVerification,
  jobVerificationSchema,
  type StoredFile,
  storedFileVerdicts,
} from "./verification/job-verification.ts";
