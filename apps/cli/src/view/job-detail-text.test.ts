import { jobDetailOf } from "@cmo/contract";
import type { Job } from "@cmo/engine";
import { buildNewJob, testDigest } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { type JobSurroundings, jobDetailText } from "./job-detail-text.ts";

const noEstimate = { estimate: null, estimateGrounds: null };

const now = Date.parse("2030-01-01T12:00:00Z");
const jobWith = (patch: Partial<Job>): Job => ({
  ...buildNewJob(),
  lastSeq: 3,
  createdAt: now - 90_000,
  ...patch,
});
const inStore: JobSurroundings = { place: { type: "store", name: "/data/cmo.db" }, files: [] };
const detail = (
  patch: Partial<Job>,
  { checkpointBytes = null, ...more }: Partial<JobSurroundings> & { checkpointBytes?: number | null } = {},
) => {
  const circumstances = { digest: testDigest, leaseMs: 15_000, checkpointBytes, ...noEstimate };
  const job = jobDetailOf(jobWith(patch), now, circumstances);
  return jobDetailText(job, { ...inStore, ...more }, now);
};

describe("The detail of a job", () => {
  it("says who works on it, how long ago that was heard of, and when another takes over", () => {
    const running = {
      status: "running" as const,
      attempt: 1,
      startedAt: now - 60_000,
      leaseOwner: "worker-x",
    };
    expect(detail({ ...running, leaseUntil: now + 11_000 })).toContain(
      "worker-x, heard of 4 s ago; another takes over in 11 s if it stays silent",
    );
    expect(detail({ ...running, leaseUntil: now - 5_000 })).toContain("worker-x is gone, silent since 20 s");
    expect(detail({ ...running, leaseUntil: now + 1 }, { checkpointBytes: 20_480 })).toContain("20 KiB");
  });

  it("says when a scheduled job starts, what a job is kept for, and which files are gone", () => {
    const text = detail(
      { status: "queued", notBefore: now + 3_600_000, keepUntil: Date.parse("2030-04-01T00:00:00Z") },
      { files: [{ path: "/exports/job_leads.csv", there: false }] },
    );
    expect(text).toMatch(/starts +2030-01-01T13:00:00\.000Z, in 1 h 00 min/);
    expect(text).toMatch(/kept until +2030-04-01/);
    expect(text).toContain("/exports/job_leads.csv (is not there any more)");
  });

  it("names the API in place of a store, whose files and workers are not of this machine", () => {
    const place = { type: "api", name: "http://127.0.0.1:2660" } as const;
    const [local, remote] = [detail({}), detail({}, { place, files: null })];
    expect(remote).toMatch(/^ {2}api {9}http:\/\/127\.0\.0\.1:2660$/m);
    expect(remote).toContain("worker      none yet\n");
    expect(local).toContain("worker      none yet; start one with: cmo worker\n");
    const shared = (text: string) =>
      text.split("\n").filter((line) => !/^ {2}(?:api|store|worker)/.test(line));
    expect(shared(remote)).toEqual(shared(local));
  });
});

describe("The status in words", () => {
  it.each<[string, Partial<Job>]>([
    ["scheduled", { status: "queued", notBefore: now + 1, attempt: 0 }],
    ["retrying", { status: "queued", notBefore: now + 1, attempt: 1 }],
    ["queued", { status: "queued", notBefore: now }],
    ["running", { status: "running", leaseUntil: now + 1 }],
    ["interrupted", { status: "running", leaseUntil: now }],
    ["pausing", { status: "running", leaseUntil: now + 1, desired: "paused" }],
    ["cancelling", { status: "running", leaseUntil: now + 1, desired: "cancelled" }],
  ])("is %s", (text, patch) => {
    expect(detail(patch)).toContain(`: ${text}, 0%`);
  });
});
