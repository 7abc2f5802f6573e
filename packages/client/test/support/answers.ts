import type { JobDetail, JobView, Submission } from "../../src/index.ts";

const at = "2030-01-01T00:00:00.000Z";

/** A job as the API shows it. */
export const jobView: JobView = {
  id: "job_test",
  name: "smoke",
  goal: "Find imaginary people",
  status: "running",
  state: "running",
  stage: "first",
  percent: 12,
  leads: 1,
  contactable: null,
  targetLeads: 3,
  attempt: 1,
  maxAttempts: 3,
  priority: 0,
  notBefore: null,
  schedule: null,
  parentJobId: null,
  createdAt: at,
  startedAt: at,
  finishedAt: null,
  keepUntil: at,
  error: null,
  lastSeq: 7,
  dryRun: false,
};

/** The same job in full. */
export const jobDetail: JobDetail = {
  ...jobView,
  progress: {
    status: "running",
    stage: "first",
    step: 1,
    totalSteps: 3,
    currentItem: null,
    stages: [],
    metrics: {},
    warnings: [],
    errors: [],
    percent: 12,
  },
  estimate: null,
  estimateGrounds: null,
  epoch: 1,
  lease: null,
  leaseMs: 30_000,
  checkpointBytes: null,
};

/** What a submit answers. */
export const submission: Submission = {
  jobId: "job_test",
  name: "smoke",
  goal: "Find imaginary people",
  targetLeads: 3,
  priority: 0,
  notBefore: null,
  createdAt: at,
  warnings: [],
};
