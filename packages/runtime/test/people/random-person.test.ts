import type { Lead } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runCampaign } from "../../src/campaign/run-campaign.ts";
import { purgePerson } from "../../src/people/purge.ts";
import type { StoredRuntime } from "../../src/runtime/open-runtime.ts";
import { canaryOf, openPeoplePlace, peopleSpec, somebody, tracesOf } from "./people-place.ts";

async function leadsOf({ engine }: StoredRuntime, jobId: string): Promise<Lead[]> {
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId)) leads.push(lead);
  return leads;
}

describe("Anybody in any world", () => {
  it("S35 can be erased without a trace, and without a change to anybody else", async () => {
    const worlds = fc.record({
      seed: fc.integer({ min: 1, max: 1_000 }),
      which: fc.nat(),
      repository: fc.nat(),
      login: fc.constantFrom("zephyrine-q", "q", "go", "zephyrine_acme", "0x00"),
    });
    const erase = async ({
      seed,
      which,
      repository,
      login,
    }: typeof worlds extends fc.Arbitrary<infer World> ? World : never) => {
      const world = { source: { type: "simulator", seed, repositories: 60 } };
      const { lead, repositoryId } = await somebody((all) => all[which % all.length], world, repository);
      const someone = canaryOf(login, lead, repositoryId);
      const place = await openPeoplePlace();
      try {
        const runtime = await place.open([someone]);
        const jobs: string[] = [];
        for (const name of ["one", "two"]) {
          const spec = await peopleSpec(runtime, { ...world, name });
          const { summary } = await runCampaign(runtime, {
            spec,
            sinks: [],
            signal: new AbortController().signal,
            directory: place.exports,
          });
          jobs.push(summary.jobId ?? "");
        }
        const before = await Promise.all(jobs.map((jobId) => leadsOf(runtime, jobId)));
        await purgePerson(runtime, login);
        for (const [index, jobId] of jobs.entries()) {
          const others = before[index]?.filter(({ nodeId }) => nodeId !== someone.nodeId) ?? [];
          expect(others).toHaveLength((before[index]?.length ?? 0) - 1);
          const expected = JSON.stringify(others).replaceAll(someone.repository, "erased/erased");
          expect(JSON.stringify(await leadsOf(runtime, jobId))).toBe(expected);
        }
        await runtime.close();
        expect(await place.found(tracesOf(someone, { loginToo: login.startsWith("zeph") }))).toEqual([]);
      } finally {
        await place.close();
      }
    };
    await fc.assert(fc.asyncProperty(worlds, erase), { numRuns: 6, seed: 35 });
  });
});
