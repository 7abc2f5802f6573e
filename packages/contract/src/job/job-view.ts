import {
  type Digest,
  errorCodes,
  followingJobId,
  type Job,
  scheduleOf,
  type UnreadableJob,
} from "@cmo/engine";
import * as v from "valibot";
import { instantOf, instantSchema } from "../text/instant.ts";
import {
  type EstimateGroundsView,
  estimateGroundsSchema,
  type RunEstimateView,
  runEstimateSchema,
} from "./estimate-schema.ts";
import { jobStateOf, jobStates } from "./job-state.ts";
import { jobStatusSchema } from "./job-status-schema.ts";
import { progressSchema } from "./progress-schema.ts";

const errorSchema = v.object({
  code: v.picklist(errorCodes),
  message: v.string(),
  hint: v.nullable(v.string()),
});

/** What servers of before do not say: null, as where there is nothing to say. */
const saidLater = <const T extends v.GenericSchema>(schema: T, description: string) =>
  v.optional(v.pipe(v.nullable(schema), v.description(description)), null);

const jobViewEntries = {
  id: v.string(),
  name: v.pipe(v.string(), v.description("What makes two runs the same campaign.")),
  goal: v.string(),
  status: jobStatusSchema,
  state: v.pipe(
    v.picklist(jobStates),
    v.description("The status, with what was asked for and whether anybody is at it."),
  ),
  stage: v.nullable(v.string()),
  percent: v.number(),
  leads: v.nullable(v.number()),
  contactable: v.nullable(v.number()),
  targetLeads: v.number(),
  attempt: v.number(),
  maxAttempts: v.number(),
  priority: v.number(),
  notBefore: v.pipe(v.nullable(instantSchema), v.description("When it may be taken; null for at once.")),
  schedule: saidLater(
    v.object({
      cron: v.string(),
      timeZone: v.string(),
      nextJobId: v.pipe(
        v.string(),
        v.description("The next run, which is there when this one has begun and ended."),
      ),
    }),
    "When the campaign runs again by itself; null: it runs once.",
  ),
  parentJobId: v.nullable(v.string()),
  createdAt: instantSchema,
  startedAt: v.nullable(instantSchema),
  finishedAt: v.nullable(instantSchema),
  keepUntil: v.pipe(v.nullable(instantSchema), v.description("It is erased after this.")),
  error: v.nullable(errorSchema),
  lastSeq: v.number(),
  dryRun: v.boolean(),
};

/** What is told of a job: nothing of how it is stored, and no hash of whom it leaves out. */
export const jobViewSchema = v.pipe(v.object(jobViewEntries), v.metadata({ ref: "Job" }));
/** See {@link jobViewSchema}. */
export type JobView = v.InferOutput<typeof jobViewSchema>;

/** A job with its progress and with who works on it. */
export const jobDetailSchema = v.pipe(
  v.object({
    ...jobViewEntries,
    progress: progressSchema,
    estimate: saidLater(
      runEstimateSchema,
      "When it ends, as far as that can be said; null when it has ended.",
    ),
    estimateGrounds: saidLater(
      estimateGroundsSchema,
      "Null while it has not started, when it has ended, and where no run was like it.",
    ),
    epoch: v.pipe(v.number(), v.description("How many times a worker has taken it.")),
    lease: v.nullable(v.object({ worker: v.string(), until: v.nullable(instantSchema) })),
    leaseMs: v.pipe(
      v.number(),
      v.description("How long a worker may be silent before its job goes to another."),
    ),
    checkpointBytes: v.pipe(
      v.nullable(v.number()),
      v.description("How much its last checkpoint holds; null when there is none."),
    ),
  }),
  v.metadata({ ref: "JobDetail" }),
);
/** See {@link jobDetailSchema}. */
export type JobDetail = v.InferOutput<typeof jobDetailSchema>;

/** What is told of a job that cannot be read. */
export const unreadableJobSchema = v.object({ id: v.string(), createdAt: instantSchema, error: errorSchema });
/** See {@link unreadableJobSchema}. */
export type UnreadableJobView = v.InferOutput<typeof unreadableJobSchema>;

/** A page of jobs, the newest first. */
export const jobPageSchema = v.object({
  jobs: v.array(jobViewSchema),
  unreadable: v.pipe(
    v.exactOptional(v.array(unreadableJobSchema)),
    v.description("Jobs of this page that cannot be read, and why; left out when there are none."),
  ),
  next: v.pipe(v.nullable(v.string()), v.description("The cursor of the next page; null at the end.")),
});
/** See {@link jobPageSchema}. */
export type JobPage = v.InferOutput<typeof jobPageSchema>;

/** A job as it is told of at a time in milliseconds since the epoch; `digest` is that of its engine. */
export function jobViewOf(job: Job, now: number, digest: Digest): JobView {
  const { progress, summary } = job.snapshot;
  return {
    id: job.id,
    name: job.spec.name,
    goal: job.spec.goal,
    status: job.status,
    state: jobStateOf(job, now),
    stage: progress.stage,
    percent: progress.percent,
    leads: summary.counts.leads,
    contactable: summary.counts.contactable,
    targetLeads: job.spec.targetLeads,
    attempt: job.attempt,
    maxAttempts: job.spec.retries.maxAttempts,
    priority: job.priority,
    notBefore: job.notBefore === 0 ? null : instantOf(job.notBefore),
    schedule: scheduleViewOf(job, digest),
    parentJobId: job.parentJobId,
    createdAt: instantOf(job.createdAt) ?? "",
    startedAt: instantOf(job.startedAt),
    finishedAt: instantOf(job.finishedAt),
    keepUntil: instantOf(job.keepUntil),
    error: job.error === null ? null : { ...job.error },
    lastSeq: job.lastSeq,
    dryRun: job.spec.dryRun,
  };
}

/** A job that cannot be read, as it is told of. */
export function unreadableViewOf({ id, createdAt, fault }: UnreadableJob): UnreadableJobView {
  const { code, message, hint } = fault;
  return { id, createdAt: instantOf(createdAt) ?? "", error: { code, message, hint } };
}

function scheduleViewOf({ id, spec }: Job, digest: Digest): JobView["schedule"] {
  const schedule = scheduleOf(spec);
  if (schedule === null) return null;
  const { cron, timeZone } = schedule;
  return { cron, timeZone, nextJobId: followingJobId(id, digest) };
}

/** What is known of a job beside its row. */
export interface JobCircumstances {
  readonly digest: Digest;
  readonly leaseMs: number;
  readonly checkpointBytes: number | null;
  readonly estimate: RunEstimateView | null;
  readonly estimateGrounds: EstimateGroundsView | null;
}

/** As {@link jobViewOf}, with everything. */
export function jobDetailOf(job: Job, now: number, circumstances: JobCircumstances): JobDetail {
  const { progress } = job.snapshot;
  return {
    ...jobViewOf(job, now, circumstances.digest),
    // Frozen by the engine and never changed here; the schema's type has no readonly.
    progress: progress as JobDetail["progress"],
    estimate: circumstances.estimate,
    estimateGrounds: circumstances.estimateGrounds,
    epoch: job.epoch,
    lease: job.leaseOwner === null ? null : { worker: job.leaseOwner, until: instantOf(job.leaseUntil) },
    leaseMs: circumstances.leaseMs,
    checkpointBytes: circumstances.checkpointBytes,
  };
}
