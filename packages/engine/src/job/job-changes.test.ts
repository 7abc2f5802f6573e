import { describe, expect, it } from "vitest";
import { buildNewJob } from "../testing/build-job.ts";
import { testDigest } from "../testing/test-digest.ts";
import type { Job } from "./job.ts";
import { appendEvents, assertLease, claimChange, releaseChange } from "./job-changes.ts";
import { hasLiveLease } from "./live-lease.ts";

function job(overrides: Partial<Job> = {}): Job {
  return { ...buildNewJob(), createdAt: 0, lastSeq: 1, ...overrides };
}

describe("changes of a job", () => {
  it("put events in together with the folds that they lead to", () => {
    const change = appendEvents(job(), 5_000, testDigest, [
      { type: "job.started", data: { attempt: 1 } },
      { type: "stage.started", data: { stage: "first", itemsTotal: 4 } },
    ]);
    expect(change.patch?.snapshot).toMatchObject({
      seq: 3,
      progress: { status: "running", stage: "first" },
      summary: { status: "running", startedAt: "1970-01-01T00:00:05.000Z" },
    });
    expect(change.events).toHaveLength(2);
  });

  it("S12 add nothing after the end", () => {
    const ended = job({ status: "failed" });
    expect(() =>
      appendEvents(ended, 0, testDigest, [{ type: "job.cancelled", data: { partial: false } }]),
    ).toThrow(expect.objectContaining({ code: "invariant_violated" }));
    expect(() => claimChange(ended, 0, testDigest, { workerId: "w", leaseMs: 1 })).toThrow(
      expect.objectContaining({ code: "conflict" }),
    );
    expect(() => releaseChange(ended, 0, testDigest, [], { status: "queued" })).toThrow(
      expect.objectContaining({ code: "conflict" }),
    );
  });

  it("S15 let a worker write while it holds the job, and not a moment longer", () => {
    const lease = { jobId: "job_1", epoch: 3, workerId: "w" };
    const held = job({ status: "running", epoch: 3, leaseOwner: "w", leaseUntil: 1_000 });
    expect(() => assertLease(held, 999, lease)).not.toThrow();
    const lost: [Job, number][] = [
      [held, 1_000],
      [{ ...held, epoch: 4 }, 999],
      [{ ...held, leaseOwner: "other" }, 999],
      [{ ...held, leaseUntil: null }, 999],
    ];
    for (const [current, now] of lost) {
      expect(() => assertLease(current, now, lease)).toThrow(expect.objectContaining({ code: "lease_lost" }));
    }
    expect(hasLiveLease(held, 999)).toBe(true);
    expect(hasLiveLease(held, 1_000)).toBe(false);
  });

  it("count an attempt only at a claim after a retry, and an epoch at every claim", () => {
    const claim = { workerId: "w", leaseMs: 30_000 };
    const first = claimChange(job(), 100, testDigest, claim);
    expect(first.patch).toMatchObject({
      attempt: 1,
      attemptOpen: false,
      epoch: 1,
      leaseUntil: 30_100,
      startedAt: 100,
    });
    expect(first.events).toEqual([{ type: "job.started", data: { attempt: 1 } }]);
    const again = claimChange(
      job({ attempt: 1, attemptOpen: false, epoch: 1, startedAt: 100 }),
      500,
      testDigest,
      claim,
    );
    expect(again.patch).toMatchObject({ attempt: 1, epoch: 2, startedAt: 100 });
    expect(again.events).toEqual([{ type: "job.resumed", data: {} }]);
  });
});
