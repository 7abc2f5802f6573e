import type { Engine } from "@cmo/engine";
import type { FaultRule, ObservedRequest } from "@cmo/github-simulator";
import { describe, expect, it } from "vitest";
import { specOf } from "../campaign/campaign.ts";
import {
  carryOut,
  concurrency,
  createSurroundings,
  readRemains,
  type Surroundings,
} from "./durable-campaign.ts";
import { createMortality, type Moment, type Mortality } from "./mortality.ts";

/** Two requests for repositories at once, and so few people that there is time for every effect to be the last one. */
const spec = specOf({
  params: { stars_range: ">=5", activity_days: 365, target_leads: 500 },
  limits: { max_repos: 12, people_per_repo: 1 },
  retries: { max_attempts: 3 },
});
const jobId = "job_durable";
const moments: readonly Moment[] = ["before", "after"];

/** What a source that begins anew may have to learn again: what the token may read, and how large a question may be. */
const learnt = concurrency;

async function undisturbed(faults: readonly FaultRule[] = []) {
  const around = createSurroundings({ faults });
  try {
    const mortality = createMortality(Number.POSITIVE_INFINITY, "before");
    await carryOut(await around.start(mortality), jobId, spec);
    const remains = await readRemains(await around.start(), jobId);
    return { ...remains, effects: mortality.effects(), requests: around.requests };
  } finally {
    await around.remove();
  }
}

/** Lets a process die at an effect, and another one bring the job to its end. */
async function crashAt(at: number, moment: Moment, faults: readonly FaultRule[] = []) {
  const around = createSurroundings({ faults });
  try {
    const mortality = createMortality(at, moment);
    const first = await around.start(mortality);
    await Promise.race([carryOut(first, jobId, spec), mortality.gone]);
    expect(mortality.isGone()).toBe(true);
    // A while past the lease, or at once: then the second process waits for the lease to run out by itself.
    await around.clock.advance(moment === "before" ? 31_000 : 1_000);

    const second = await around.start();
    const eventsBefore = await storedEvents(second, jobId);
    const answered = await answeredIds(second, jobId, around.requests);
    const asked = around.requests.length;
    await carryOut(second, jobId, spec);
    const remains = await readRemains(second, jobId);
    expect(remains.events.slice(0, eventsBefore.length)).toEqual(eventsBefore);
    expect(repeatedIds(around.requests.slice(asked), answered)).toEqual([]);
    return { ...remains, requests: around.requests };
  } finally {
    await around.remove();
  }
}

describe("S13 a campaign on a database file whose process ends at any point", () => {
  it.each(moments)(
    "comes to the same in the next process, for every effect: %s it",
    async (moment) => {
      const calm = await undisturbed();
      expect(calm.summary.status).toBe("completed");
      expect(calm.leads.length).toBeGreaterThan(3);
      expect(calm.effects).toEqual(expect.arrayContaining(kindsOfEffects));
      for (let at = 1; at <= calm.effects.length; at += 1) {
        const place = `${moment} effect ${at}, ${calm.effects[at - 1]}`;
        const crashed = await crashAt(at, moment);
        expect(crashed.comparable, place).toEqual(calm.comparable);
        expect(crashed.files, place).toEqual(calm.files);
        expect(crashed.summary.attempts, place).toBe(1);
        expect(crashed.requests.length, place).toBeLessThanOrEqual(calm.requests.length + concurrency);
      }
    },
    120_000,
  );
});

describe("S13 a campaign on a database file of which no process lives long", () => {
  it.each([45, 60, 80])("comes to the same when each is gone after %i effects", async (lifetime) => {
    const calm = await undisturbed();
    const around = createSurroundings();
    try {
      let ended = false;
      let crashes = 0;
      while (!ended) {
        const mortality = createMortality(lifetime, "after");
        const work = carryOut(await around.start(mortality), jobId, spec);
        ended = await Promise.race([work.then(() => true), mortality.gone.then(() => false)]);
        if (ended) break;
        crashes += 1;
        expect(crashes).toBeLessThan(40);
        await around.clock.advance(31_000);
      }
      const remains = await readRemains(await around.start(), jobId);
      expect(crashes).toBeGreaterThan(1);
      expect(remains.comparable).toEqual(calm.comparable);
      expect(remains.files).toEqual(calm.files);
      expect(remains.summary.attempts).toBe(1);
      expect(around.requests.length).toBeLessThanOrEqual(calm.requests.length + crashes * concurrency);
    } finally {
      await around.remove();
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
  it.each(faulty)(
    "comes to the same in the next process: %s",
    async (_name, faults) => {
      const calm = await undisturbed(faults);
      expect(calm.requests.some((request) => request.faults.length > 0)).toBe(true);
      for (const moment of moments) {
        for (const [index, kind] of calm.effects.entries()) {
          if (kind !== "http") continue;
          const place = `${moment} effect ${index + 1}`;
          const crashed = await crashAt(index + 1, moment, faults);
          expect(crashed.comparable, place).toEqual(calm.comparable);
          expect(crashed.files, place).toEqual(calm.files);
          expect(crashed.requests.length, place).toBeLessThanOrEqual(
            calm.requests.length + concurrency + learnt,
          );
        }
      }
    },
    60_000,
  );
});

describe("S18 a retry on a database file", () => {
  it("of a job that was cancelled at any request repeats none that was answered", async () => {
    const calm = await undisturbed();
    for (let at = 1; at <= calm.requests.length; at += 1) {
      await retryAfter([], at, calm);
    }
  });

  it("of a job that failed at any request repeats none that was answered", async () => {
    const calm = await undisturbed();
    for (let at = 1; at <= calm.requests.length; at += 1) {
      await retryAfter([{ fault: "forbidden", at }], null, calm);
    }
  });
});

async function retryAfter(
  faults: readonly FaultRule[],
  cancelAt: number | null,
  calm: Awaited<ReturnType<typeof undisturbed>>,
) {
  const around = createSurroundings({ faults });
  try {
    await carryOut(await startCancelling(around, cancelAt), jobId, spec);
    const second = await around.start();
    const { status } = await second.summary(jobId);
    expect(status).toBe(cancelAt === null ? "failed" : "cancelled");
    const answered = await answeredIds(second, jobId, around.requests);
    const asked = around.requests.length;
    const { id } = await second.retry(jobId);
    await second.attend(id);
    const retried = await readRemains(second, id);
    expect(retried.files).toEqual(calm.files);
    expect(retried.comparable.summary).toEqual(calm.comparable.summary);
    expect(repeatedIds(around.requests.slice(asked), answered)).toEqual([]);
    expect(around.requests.length).toBeLessThanOrEqual(calm.requests.length + concurrency);
  } finally {
    await around.remove();
  }
}

/** A process that cancels its job when it makes its n-th request. */
async function startCancelling(around: Surroundings, at: number | null): Promise<Engine> {
  let requests = 0;
  const living = createMortality(Number.POSITIVE_INFINITY, "before");
  const cancelling: Mortality = {
    ...living,
    effect(kind, work) {
      if (kind === "http") requests += 1;
      if (kind === "http" && requests === at) engine.cancel(jobId).catch(() => {});
      return living.effect(kind, work);
    },
  };
  const engine = await around.start(cancelling);
  return engine;
}

const kindsOfEffects = [
  "clock.sleep",
  "http",
  "mail.lookup",
  "store.claimNext",
  "store.createJob",
  "store.readTaskResults",
  "store.updateJob",
];

async function storedEvents(engine: Engine, id: string) {
  return (await engine.job(id)) === null ? [] : engine.store.readEvents(id, 0, 100_000);
}

/** The people and repositories of these requests whose answers are stored. */
async function answeredIds(engine: Engine, id: string, requests: readonly ObservedRequest[]) {
  const answered = new Set<string>();
  if ((await engine.job(id)) === null) return answered;
  for (const { operation, ids } of requests) {
    const kind = operation === "history" ? "activity" : operation === "people" ? "profile" : null;
    if (kind === null) continue;
    for (const itemId of (await engine.store.readTaskResults(id, kind, ids)).keys()) answered.add(itemId);
  }
  return answered;
}

function repeatedIds(requests: readonly ObservedRequest[], answered: ReadonlySet<string>): string[] {
  return requests.flatMap(({ ids }) => ids.filter((id) => answered.has(id)));
}
