export {
  type AbsentLead,
  type Artifact,
  type ArtifactList,
  type CampaignEstimate,
  type CampaignService,
  type ChangedLead,
  type ConfigRequest,
  type ConfigSchema,
  type Difference,
  type EventsQuery,
  isJobSnapshot,
  type JobDetail,
  type JobDiff,
  type JobPage,
  type JobSelection,
  type JobSnapshot,
  type JobState,
  type JobsErased,
  type JobsQuery,
  type JobView,
  type LeadFileQuery,
  type LeadPage,
  type LeadPageQuery,
  type LeadsQuery,
  leadSorts,
  type MovedLead,
  type MultiplexedItem,
  type PersonErased,
  type PersonView,
  type ServedFile,
  type Submission,
  type SubmitCall,
  type SubmitRequest,
  type SuppressionPage,
  type SuppressionState,
  type Validation,
} from "@cmo/contract";
export type { Client, WatchManyOptions, WatchOptions } from "./client/client.ts";
export type { ClientOptions } from "./client/client-options.ts";
export { createClient } from "./client/create-client.ts";
export type { Backoff, Fetch } from "./http/api-link.ts";
export type { Probe, ProbeReason } from "./probe/probe.ts";
export type { Connection, ConnectionListener } from "./stream/connection.ts";
export type { ParseEvent } from "./stream/parse-event.ts";
