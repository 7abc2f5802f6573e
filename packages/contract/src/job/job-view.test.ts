import type { Job } from "@cmo/engine";
import { buildNewJob, testDigest } from "@cmo/engine/testing";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { jobStateOf, jobStates } from "./job-state.ts";
import { jobDetailOf, jobDetailSchema, jobViewOf, jobViewSchema } from "./job-view.ts";

const noEstimate = { estimate: null, estimateGrounds: null };

const now = Date.parse("2030-02-01T00:00:00.000Z");

function jobOf(changes: Partial<Job> = {}): Job {
  return { ...buildNewJob(), createdAt: now - 60_000, lastSeq: 1, ...changes };
}

describe("The view of a job", () => {
  it("has times as instants and nothing that its schema has not", () => {
    const job = jobOf({
      status: "failed",
      notBefore: now - 1_000,
      startedAt: now - 500,
      finishedAt: now,
      error: { code: "timeout", message: "too long", hint: null },
      spec: { ...buildNewJob().spec, suppress: [{ kind: "login", hash: "canary-hash-of-somebody" }] },
    });
    const view = jobViewOf(job, now, testDigest);
    expect(v.parse(jobViewSchema, JSON.parse(JSON.stringify(view)))).toEqual(view);
    expect(view).toMatchObject({
      notBefore: "2030-01-31T23:59:59.000Z",
      startedAt: "2030-01-31T23:59:59.500Z",
      finishedAt: "2030-02-01T00:00:00.000Z",
      state: "failed",
      error: { code: "timeout" },
    });
    const circumstances = { digest: testDigest, leaseMs: 15_000, checkpointBytes: null, ...noEstimate };
    const detail = jobDetailOf(job, now, circumstances);
    expect(v.parse(jobDetailSchema, JSON.parse(JSON.stringify(detail)))).toEqual(detail);
    expect(JSON.stringify(detail)).not.toMatch(/canary|tenant/);
  });

  it("tells who has it and until when", () => {
    const held = jobOf({ status: "running", leaseOwner: "worker-1", leaseUntil: now + 5_000, epoch: 3 });
    const circumstances = { digest: testDigest, leaseMs: 15_000, checkpointBytes: 12, ...noEstimate };
    expect(jobDetailOf(held, now, circumstances)).toMatchObject({
      epoch: 3,
      lease: { worker: "worker-1", until: "2030-02-01T00:00:05.000Z" },
      checkpointBytes: 12,
    });
  });

  it("tells of a schedule, and under which id its next run will be", () => {
    const schedule = { cron: "@daily", timeZone: "Europe/Vienna", firstJobId: "job_0" };
    const job = jobOf({ id: "job_1", spec: { ...buildNewJob().spec, schedule } });
    const view = jobViewOf(job, now, testDigest);
    expect(view.schedule).toEqual({
      cron: "@daily",
      timeZone: "Europe/Vienna",
      nextJobId: expect.stringMatching(/^job_[0-9a-z]{20}$/),
    });
    expect(v.parse(jobViewSchema, view)).toEqual(view);
    expect(jobViewOf(jobOf(), now, testDigest).schedule).toBeNull();
  });

  it("is read of a server of before, which said less", () => {
    const circumstances = { digest: testDigest, leaseMs: 15_000, checkpointBytes: null, ...noEstimate };
    const detail = jobDetailOf(jobOf(), now, circumstances);
    const { schedule, estimate, estimateGrounds, ...before } = detail;
    expect(v.parse(jobDetailSchema, before)).toEqual(detail);
  });

  it("has no time where no calendar has one", () => {
    expect(
      jobViewOf(jobOf({ notBefore: 0, keepUntil: Number.MAX_SAFE_INTEGER }), now, testDigest),
    ).toMatchObject({
      notBefore: null,
      keepUntil: null,
    });
  });

  it("says in one word what a status and a wish come to", () => {
    const states = [
      jobStateOf(jobOf({ notBefore: now + 1 }), now),
      jobStateOf(jobOf({ notBefore: now }), now),
      jobStateOf(jobOf({ notBefore: now + 1, attempt: 1 }), now),
      jobStateOf(jobOf({ status: "running", leaseUntil: now + 1 }), now),
      jobStateOf(jobOf({ status: "running", leaseUntil: now }), now),
      jobStateOf(jobOf({ status: "running", desired: "paused", leaseUntil: now + 1 }), now),
      jobStateOf(jobOf({ status: "paused" }), now),
      jobStateOf(jobOf({ status: "running", desired: "cancelled", leaseUntil: now + 1 }), now),
      jobStateOf(jobOf({ status: "cancelled" }), now),
      jobStateOf(jobOf({ status: "failed" }), now),
      jobStateOf(jobOf({ status: "completed" }), now),
    ];
    expect(states).toEqual(jobStates);
  });
});
