import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lead, showPerson } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { carryOut } from "../../src/chaos/carry-out.ts";
import { createMortality, type LastEffect, type Mortality, moments } from "../../src/chaos/mortality.ts";
import {
  createRehearsal,
  type Rehearsal,
  type RehearsalPlan,
  type RehearsedProcess,
} from "../../src/chaos/rehearsal.ts";
import { type Remains, readRemains } from "../../src/chaos/remains.ts";
import { maintainStore } from "../../src/people/maintain-store.ts";
import { peopleParts, purgePerson } from "../../src/people/purge.ts";
import { durablePlan } from "./durable-plan.ts";

/** A job that has ended, whose files are written. */
const ended: RehearsalPlan = durablePlan();
/** The same campaign again, of which a process died in the middle. */
const interrupted: RehearsalPlan = { ...ended, jobId: "job_interrupted" };
/** Where that is: people are known, and not all of them have been asked for. */
const middle = 75;

/** What is left of both jobs when a person was erased, and the second job has come to its end. */
interface Aftermath {
  readonly ended: Remains;
  readonly interrupted: Remains;
  readonly effects: readonly string[];
}

/** A store with both jobs, in which `erasing` begins to erase a person. */
async function eraseIn(
  rehearsal: Rehearsal,
  erasing: Mortality,
): Promise<{ person: Lead; erased: Promise<unknown> }> {
  const first = await rehearsal.start();
  await carryOut(first, ended, rehearsal.exports);
  const dying = createMortality({ effect: middle, moment: "after" });
  await Promise.race([carryOut(await rehearsal.start(dying), interrupted, rehearsal.exports), dying.gone]);
  expect(dying.isGone()).toBe(true);
  const { leads } = await readRemains(first.runtime, ended.jobId);
  const person = leads.find(({ email }) => email !== null) ?? expect.unreachable();
  const report = await showPerson(peopleParts(first.runtime), person.login);
  expect(new Set(report.records.map(({ jobId }) => jobId))).toEqual(
    new Set([ended.jobId, interrupted.jobId, null]),
  );
  expect((await traces(rehearsal, person)).length).toBeGreaterThanOrEqual(4);
  expect((await first.runtime.engine.job(interrupted.jobId))?.status).toBe("running");
  const { runtime } = await rehearsal.start(erasing);
  return { person, erased: purgePerson(runtime, person.login) };
}

async function undisturbed(): Promise<Aftermath> {
  const rehearsal = await createRehearsal(ended);
  try {
    const living = createMortality();
    const { person, erased } = await eraseIn(rehearsal, living);
    expect(await erased).toMatchObject({ found: true, state: "done" });
    const effects = [...living.effects()];
    return { ...(await finish(rehearsal, await rehearsal.start(), person)), effects };
  } finally {
    await rehearsal.remove();
  }
}

async function crashAt(last: LastEffect): Promise<Omit<Aftermath, "effects">> {
  const rehearsal = await createRehearsal(ended);
  try {
    const mortality = createMortality(last);
    const { person, erased } = await eraseIn(rehearsal, mortality);
    await Promise.race([erased, mortality.gone]);
    expect(mortality.isGone()).toBe(true);
    const next = await rehearsal.start();
    // What every worker does when it starts. It is enough, once the person is out of the store.
    await maintainStore(next.runtime);
    const left = await showPerson(peopleParts(next.runtime), person.login);
    const wasErased = left.records.length === 0;
    if (wasErased) expect(await traces(rehearsal, person)).toEqual([]);
    else expect(await purgePerson(next.runtime, person.login)).toMatchObject({ found: true, state: "done" });
    return await finish(rehearsal, next, person);
  } finally {
    await rehearsal.remove();
  }
}

/** Brings the second job to its end, and makes sure that nothing of the person is left or has come back. */
async function finish(rehearsal: Rehearsal, process: RehearsedProcess, person: Lead) {
  expect(await traces(rehearsal, person)).toEqual([]);
  await rehearsal.clock.sleep(31_000);
  await carryOut(process, interrupted, rehearsal.exports);
  expect(await traces(rehearsal, person)).toEqual([]);
  const report = await showPerson(peopleParts(process.runtime), person.login);
  expect(report).toMatchObject({ records: [], files: [] });
  expect(report.suppressedBy).toContainEqual({ kind: "login", value: person.login.toLowerCase() });
  return {
    ended: await readRemains(process.runtime, ended.jobId),
    interrupted: await readRemains(process.runtime, interrupted.jobId),
  };
}

/** The files of the store, and those that were exported, in which the person can be found. */
async function traces({ folder }: Rehearsal, person: Lead): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const text = await readFile(join(folder, name), "latin1").catch(() => "");
    const texts = [person.login, person.nodeId, person.email ?? person.login];
    if (texts.some((one) => text.toLowerCase().includes(one.toLowerCase()))) found.push(name);
  }
  return found;
}

describe("S35 an erase whose process ends at any point", () => {
  it.each(moments)("is brought to its end by the next one, for every effect: %s it", async (moment) => {
    const calm = await undisturbed();
    expect(calm.ended.leads.length).toBeGreaterThan(3);
    expect(calm.interrupted.summary.status).toBe("completed");
    expect(calm.effects).toEqual(expect.arrayContaining(["store.findRows", "store.eraseRows"]));
    for (let effect = 1; effect <= calm.effects.length; effect += 1) {
      const place = `${moment} effect ${effect} of ${calm.effects.length}, ${calm.effects[effect - 1]}`;
      const crashed = await crashAt({ effect, moment }).catch((error) => {
        throw new Error(place, { cause: error });
      });
      expect(crashed.ended.comparable, place).toEqual(calm.ended.comparable);
      expect(crashed.interrupted.comparable, place).toEqual(calm.interrupted.comparable);
    }
  });
});
