import type { Store } from "@cmo/engine";
import type { FaultRule } from "@cmo/github-simulator";
import { describe, expect, it } from "vitest";
import { carryOut } from "../../src/chaos/carry-out.ts";
import { crashAt } from "../../src/chaos/crash-at.ts";
import { createMortality, type LastEffect, type Mortality, moments } from "../../src/chaos/mortality.ts";
import { createRehearsal, type RehearsalPlan, rehearsalLeaseMs } from "../../src/chaos/rehearsal.ts";
import { readRemains } from "../../src/chaos/remains.ts";
import { runUndisturbed, type Undisturbed } from "../../src/chaos/run-undisturbed.ts";
import { concurrency, durablePlan, jobId } from "./durable-plan.ts";

/** What a source that begins anew may have to learn again: what the token may read, and how large a question may be. */
const learnt = concurrency;

/** Far longer than any campaign here, by its own time. */
const dayMs = 86_400_000;

async function expectSame(plan: RehearsalPlan, last: LastEffect, calm: Undisturbed, most: number) {
  const place = `${last.moment} effect ${last.effect}, ${calm.effects[last.effect - 1]}`;
  const { remains, faults, requests } = await crashAt(plan, last, dayMs);
  expect(faults, place).toEqual([]);
  expect(remains?.comparable, place).toEqual(calm.remains.comparable);
  expect(requests, place).toBeLessThanOrEqual(calm.requests + most);
  return { summary: remains?.summary, place };
}

describe("S13 S33 a campaign on a database file whose process ends at any point", () => {
  it.each(moments)(
    "comes to the same in the next process, files and all, for every effect: %s it",
    async (moment) => {
      const plan = durablePlan();
      const calm = await runUndisturbed(plan);
      expect(calm.remains.summary.status).toBe("completed");
      expect(calm.remains.leads.length).toBeGreaterThan(3);
      expect(calm.effects).toEqual(expect.arrayContaining(kindsOfEffects));
      for (let effect = 1; effect <= calm.effects.length; effect += 1) {
        const { summary, place } = await expectSame(plan, { effect, moment }, calm, concurrency);
        expect(summary?.attempts, place).toBe(1);
      }
    },
  );
});

describe("the campaign whose process ends at any point", () => {
  it("has checkpoints in the middle of its stages, one of which the next process begins at", async () => {
    const saved: (string | null)[] = [];
    const restored: (string | null)[] = [];
    const watching = (store: Store): Store => ({
      ...store,
      updateJob: (id, decide) =>
        store.updateJob(id, (job, now) => {
          const change = decide(job, now);
          if (change.checkpoint !== undefined) saved.push(change.checkpoint);
          return change;
        }),
      async readCheckpoint(id) {
        const checkpoint = await store.readCheckpoint(id);
        restored.push(checkpoint);
        return checkpoint;
      },
    });
    const plan: RehearsalPlan = { ...durablePlan(), wrapStore: watching };
    const { effects } = await runUndisturbed(plan);
    expect(saved.filter((checkpoint) => checkpoint !== null).length).toBeGreaterThan(2);
    // It dropped the last one at its end, and as the first to work on the job asked for none.
    expect([saved.at(-1), ...restored]).toEqual([null]);
    const late = Math.floor(effects.length * 0.5);
    await crashAt(plan, { effect: late, moment: "after" }, dayMs);
    expect(restored.at(-1)).not.toBeNull();
  });
});

describe("S13 a campaign on a database file of which no process lives long", () => {
  it.each([45, 52, 60])("comes to the same when each is gone after %i effects", async (lifetime) => {
    const plan = durablePlan();
    const calm = await runUndisturbed(plan);
    const rehearsal = await createRehearsal(plan);
    try {
      let crashes = 0;
      for (;;) {
        const mortality = createMortality({ effect: lifetime, moment: "after" });
        const work = carryOut(await rehearsal.start(mortality), plan, rehearsal.exports);
        if (await Promise.race([work.then(() => true), mortality.gone.then(() => false)])) break;
        crashes += 1;
        expect(crashes).toBeLessThan(40);
        await rehearsal.clock.sleep(rehearsalLeaseMs + 1_000);
      }
      const remains = await readRemains((await rehearsal.start()).runtime, jobId);
      expect(crashes).toBeGreaterThan(1);
      expect(remains.comparable).toEqual(calm.remains.comparable);
      expect(remains.summary.attempts).toBe(1);
      expect(rehearsal.requests.length).toBeLessThanOrEqual(calm.requests + crashes * concurrency);
    } finally {
      await rehearsal.remove();
    }
  });
});

const faulty: [string, FaultRule[]][] = [
  ["a bad gateway", [{ fault: "bad_gateway", operation: "people", at: 1 }]],
  ["a connection that is reset", [{ fault: "socket_reset", operation: "people", at: 1 }]],
  ["a slow answer", [{ fault: "slow", operation: "history", at: 1, delayMs: 3_000 }]],
  ["partial answers", [{ fault: "resource_limits", operation: "people", every: 1, times: 1 }]],
  ["a quota that is used up", [{ fault: "rate_limited", operation: "people", at: 1, resetAfterSeconds: 5 }]],
  ["a secondary limit", [{ fault: "secondary_limit", operation: "people", at: 1, retryAfterSeconds: 5 }]],
  ["too many requests", [{ fault: "too_many_requests", operation: "people", at: 1, retryAfterSeconds: 2 }]],
  ["a query that died on the clock", [{ fault: "timeout_message", operation: "history", at: 2 }]],
  ["accounts that are gone", [{ fault: "not_found_ids", operation: "people", share: 0.3 }]],
  ["empty repositories", [{ fault: "empty_repository", operation: "history" }]],
  ["a token without the scope for addresses", [{ fault: "missing_scope" }]],
  ["a token that is revoked", [{ fault: "revoked_token", operation: "people", at: 1 }]],
  ["a search that is forbidden", [{ fault: "forbidden", operation: "search" }]],
  ["a search that leads elsewhere", [{ fault: "redirect", operation: "search" }]],
];

describe("S13 S26 a campaign whose source fails and whose process ends at a request", () => {
  it.each(faulty)("comes to the same in the next process: %s", async (_name, faults) => {
    const plan = durablePlan(faults);
    const calm = await runUndisturbed(plan);
    expect(await faultsMet(plan)).toBeGreaterThan(0);
    for (const moment of moments) {
      for (const [index, kind] of calm.effects.entries()) {
        if (kind !== "http") continue;
        await expectSame(plan, { effect: index + 1, moment }, calm, concurrency + learnt);
      }
    }
  });
});

describe("S18 a retry on a database file", () => {
  it("of a job that was cancelled at any request repeats none that was answered", async () => {
    const calm = await runUndisturbed(durablePlan());
    for (let at = 1; at <= calm.requests; at += 1) await retryAfter([], at, calm);
  });

  it("of a job that failed at any request repeats none that was answered", async () => {
    const calm = await runUndisturbed(durablePlan());
    for (let at = 1; at <= calm.requests; at += 1) await retryAfter([{ fault: "forbidden", at }], null, calm);
  });
});

async function retryAfter(faults: readonly FaultRule[], cancelAt: number | null, calm: Undisturbed) {
  const plan = durablePlan(faults);
  const rehearsal = await createRehearsal(plan);
  try {
    const living = createMortality();
    let requests = 0;
    const cancelling: Mortality = {
      ...living,
      effect(kind, work) {
        if (kind === "http") requests += 1;
        if (kind === "http" && requests === cancelAt) first.runtime.engine.cancel(jobId).catch(() => {});
        return living.effect(kind, work);
      },
    };
    const first = await rehearsal.start(cancelling);
    await carryOut(first, plan, rehearsal.exports);
    const { runtime } = await rehearsal.start();
    const { status } = await runtime.engine.summary(jobId);
    expect(status).toBe(cancelAt === null ? "failed" : "cancelled");
    const answered = new Set(rehearsal.answered());
    const asked = rehearsal.requests.length;
    const { id } = await runtime.engine.retry(jobId);
    await runtime.engine.attend(id);
    const retried = await readRemains(runtime, id);
    expect(retried.comparable.files).toEqual(calm.remains.comparable.files);
    expect(retried.comparable.summary).toEqual(calm.remains.comparable.summary);
    expect(
      rehearsal.requests.slice(asked).flatMap(({ ids }) => ids.filter((one) => answered.has(one))),
    ).toEqual([]);
    expect(rehearsal.requests.length).toBeLessThanOrEqual(calm.requests + concurrency);
  } finally {
    await rehearsal.remove();
  }
}

const kindsOfEffects = [
  "clock.sleep",
  "file.piece",
  "file.write",
  "http",
  "mail.lookup",
  "store.claimNext",
  "store.createJob",
  "store.readRecords",
  "store.readTaskResults",
  "store.updateJob",
];

async function faultsMet(plan: RehearsalPlan): Promise<number> {
  const rehearsal = await createRehearsal(plan);
  try {
    await carryOut(await rehearsal.start(), plan, rehearsal.exports);
    return rehearsal.requests.filter((request) => request.faults.length > 0).length;
  } finally {
    await rehearsal.remove();
  }
}
