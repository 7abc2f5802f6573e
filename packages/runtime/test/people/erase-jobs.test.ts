import { access, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Job, type Source, showPerson } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCampaign } from "../../src/campaign/run-campaign.ts";
import { keepMaintained, type MaintenanceReport, maintainStore } from "../../src/people/maintain-store.ts";
import {
  peopleParts,
  purgeEverything,
  purgeJobs,
  purgeOlderThan,
  purgePerson,
} from "../../src/people/purge.ts";
import type { StoredRuntime } from "../../src/runtime/open-runtime.ts";
import {
  canaryOf,
  openPeoplePlace,
  type PeoplePlace,
  peopleSpec,
  somebody,
  tracesOf,
} from "./people-place.ts";

let place: PeoplePlace;
beforeEach(async () => {
  place = await openPeoplePlace();
});
afterEach(() => place.close());

const never = new AbortController().signal;
const dayMs = 86_400_000;

async function run(runtime: StoredRuntime, overrides?: Parameters<typeof peopleSpec>[1]): Promise<string> {
  const spec = await peopleSpec(runtime, overrides);
  const { summary } = await runCampaign(runtime, {
    spec,
    sinks: [],
    signal: never,
    directory: place.exports,
  });
  expect(summary.status).toBe("completed");
  return summary.jobId ?? "";
}

/** A job as it would be if it had ended so many days ago. */
async function ageBy(runtime: StoredRuntime, jobId: string, days: number): Promise<Job> {
  const { job } = await runtime.store.updateJob(jobId, (current) => ({
    patch: {
      finishedAt: (current.finishedAt ?? 0) - days * dayMs,
      keepUntil: current.keepUntil - days * dayMs,
    },
  }));
  return job;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function someCanary() {
  const { lead, repositoryId } = await somebody();
  return canaryOf("zephyrine-q", lead, repositoryId);
}

describe("Erasing jobs", () => {
  it("S35 takes a job with all that is of it and its files, and leaves the others", async () => {
    const someone = await someCanary();
    const runtime = await place.open([someone]);
    const jobId = await run(runtime, { name: "first" });
    await runtime.close();
    // Answers of the first would do for the second, which would then hold them too.
    const others = await place.open([], { host: { env: { CMO_CACHE: "off" } } });
    const other = await run(others, { name: "second" });
    const kept = await others.engine.summary(other);
    // Their ids are those of somebody in the second one too.
    const own = tracesOf(someone).filter((text) => !/^[UR]_/.test(text));
    expect(await place.found(own)).toEqual(own);

    const { jobs, state, files } = await purgeJobs(others, [jobId]);
    expect({ jobs, state, outcomes: files.map(({ outcome }) => outcome) }).toEqual({
      jobs: [jobId],
      state: "done",
      outcomes: ["removed", "removed", "removed"],
    });
    expect(await place.found(own)).toEqual([]);
    expect(await others.engine.job(jobId)).toBeNull();
    expect(await others.engine.summary(other)).toEqual(kept);
    expect(await others.store.readFiles(jobId)).toEqual([]);
    expect(await others.store.readFiles(other)).toHaveLength(3);
    await expect(purgeJobs(others, [jobId])).rejects.toMatchObject({ code: "not_found" });
    await others.close();
  });

  it("S35 cancels one that is being worked on first, and waits for its worker", async () => {
    let asked = () => {};
    const inTheMiddle = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const through = (source: Source): Source => ({
      ...source,
      async *people(...question) {
        asked();
        await new Promise((resolve) => question[1].signal.addEventListener("abort", resolve));
        yield* source.people(...question);
      },
    });
    const runtime = await place.open([], { through });
    const { id } = await runtime.engine.submit(await peopleSpec(runtime));
    const running = runtime.engine.attend(id).catch((error) => error);
    await inTheMiddle;
    const operator = await place.open();
    expect(await purgeJobs(operator, [id])).toMatchObject({ jobs: [id], state: "done" });
    await running;
    expect(await operator.engine.job(id)).toBeNull();
    await operator.close();
    await runtime.close();
  });

  it("takes those that are older than an age, by when they ended", async () => {
    const runtime = await place.open();
    const old = await run(runtime, { name: "old" });
    const recent = await run(runtime, { name: "recent" });
    const { finishedAt } = await ageBy(runtime, old, 10);
    expect(await purgeOlderThan(runtime, finishedAt ?? 0)).toMatchObject({ jobs: [], files: [] });
    const now = runtime.host.clock.now();
    expect(await purgeOlderThan(runtime, now - 9 * dayMs)).toMatchObject({
      jobs: [old],
      held: [],
      state: "done",
    });
    expect((await runtime.store.listJobs({ limit: 10 })).map(({ id }) => id)).toEqual([recent]);
    await runtime.close();
  });

  it("takes everything but the suppression list", async () => {
    const someone = await someCanary();
    const runtime = await place.open([someone]);
    await run(runtime);
    await run(runtime, { name: "another" });
    await purgePerson(runtime, "somebody-else");
    const { jobs, files, state } = await purgeEverything(runtime);
    expect({ jobs: jobs.length, files: files.length, state }).toEqual({ jobs: 2, files: 6, state: "done" });
    expect(await place.found(tracesOf(someone))).toEqual([]);
    expect(await runtime.store.listSuppressed({ limit: 10 })).toMatchObject([{ kind: "login" }]);
    const { suppressedBy } = await showPerson(peopleParts(runtime), "somebody-else");
    expect(suppressedBy).toHaveLength(1);
    expect(await runtime.store.readFiles(null)).toEqual([]);
    await runtime.close();
  });
});

describe("Retention", () => {
  it("lets go of jobs whose time is over when somebody opens the store, with their files", async () => {
    const runtime = await place.open();
    const old = await run(runtime, { name: "old", retention: { days: 5 } });
    const recent = await run(runtime, { name: "recent", retention: { days: 7 } });
    await ageBy(runtime, old, 6);
    await ageBy(runtime, recent, 6);
    await runtime.close();
    const next = await place.open();
    expect((await next.store.listJobs({ limit: 10 })).map(({ id }) => id)).toEqual([recent]);
    expect(await isThere(join(place.exports, `${old}_leads.json`))).toBe(false);
    expect(await isThere(join(place.exports, `${recent}_leads.json`))).toBe(true);
    expect(await next.store.listErasures(5)).toMatchObject([{ scope: "retention", state: "done" }]);
    await next.close();
  });

  it("is enforced by workers every hour, and leaves a job that is held", async () => {
    const clock = createFakeClock({ now: Date.now() });
    const runtime = await place.open([], { host: { clock } });
    const submit = async (name: string) =>
      (await runtime.engine.submit(await peopleSpec(runtime, { name, retention: { days: 1 } }))).id;
    const [held, waiting] = [await submit("held"), await submit("waiting")];
    await runtime.store.noteFirstSeen(
      "c",
      new Map([["U_1", "2030-01-01T00:00:00.000Z"]]),
      clock.now() + dayMs,
    );
    await runtime.store.updateJob(held, (_job, now) => ({
      patch: { status: "running", leaseOwner: "w", leaseUntil: now + 30 * dayMs },
    }));
    const stop = new AbortController();
    const reports: MaintenanceReport[] = [];
    const maintaining = keepMaintained(runtime, {
      signal: stop.signal,
      onReport: (report) => reports.push(report),
    });
    // Between two looks it sleeps, and nobody else does.
    const hasLooked = async () => {
      while (clock.sleeping() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    await hasLooked();
    for (let hour = 0; hour < 26; hour += 1) {
      await clock.advance(3_600_000);
      await hasLooked();
    }
    stop.abort();
    await clock.settle();
    await maintaining;
    expect(reports.flatMap(({ jobs }) => jobs)).toEqual([waiting]);
    expect(await runtime.engine.job(held)).not.toBeNull();
    expect(await runtime.store.readFirstSeen("c", ["U_1"])).toEqual(new Map());
    await runtime.close();
  });

  it("fails no command, whatever happens to it", async () => {
    const runtime = await place.open();
    const old = await run(runtime, { retention: { days: 1 } });
    await ageBy(runtime, old, 2);
    await runtime.close();
    // What was to be removed cannot be.
    const path = join(place.exports, `${old}_leads.csv`);
    await rm(path);
    await writeFile(join(place.exports, "keep"), "");
    await rm(place.exports, { recursive: true });
    await writeFile(place.exports, "a file in the place of the folder");
    const next = await place.open();
    expect(await next.engine.job(old)).toBeNull();
    expect((await maintainStore(next)).files).toEqual([]);
    await next.close();
  });
});
