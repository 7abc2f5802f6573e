import type { Lead, RunSummary } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carryOut } from "../../src/chaos/carry-out.ts";
import { createMortality, type LastEffect, moments } from "../../src/chaos/mortality.ts";
import {
  createRehearsal,
  type Rehearsal,
  type RehearsalPlan,
  rehearsalLeaseMs,
} from "../../src/chaos/rehearsal.ts";
import { readRemains } from "../../src/chaos/remains.ts";
import { workWithin } from "../../src/chaos/work-within.ts";
import { asOf, specOf } from "../campaign/campaign.ts";

/** One run of a campaign. */
interface Run {
  readonly onlyNew: boolean;
  readonly targetLeads: number;
  /** How far it looks: the world grows from run to run. */
  readonly maxRepos: number;
  /** Where its process ends; null for one that lives. */
  readonly crash: LastEffect | null;
}

/** What a run came to. */
interface Result {
  readonly summary: RunSummary;
  readonly leads: readonly Lead[];
}

const dayMs = 86_400_000;
const everybody = 100_000;

function planOf(run: Run, jobId: string, store: RehearsalPlan["store"]): RehearsalPlan {
  const spec = specOf({
    name: "chain",
    only_new: run.onlyNew,
    params: { stars_range: ">=5", activity_days: 365, target_leads: run.targetLeads },
    limits: { max_repos: run.maxRepos, people_per_repo: 1 },
  });
  return {
    jobId,
    specFor: async () => spec,
    now: Date.parse(asOf),
    simulator: { seed: 5, repositories: 150, asOf },
    concurrency: 2,
    mail: "simulator",
    store,
    seed: 1,
  };
}

/** Works on a run to its end, in a second process where the first one has ended. */
async function play(rehearsal: Rehearsal, run: Run, plan: RehearsalPlan): Promise<Result> {
  const mortality = createMortality(run.crash ?? undefined);
  const first = await rehearsal.start(mortality);
  const early = await workWithin(rehearsal, dayMs, () =>
    Promise.race([carryOut(first, plan, rehearsal.exports), mortality.gone]),
  );
  expect(early).toBe(null);
  if (mortality.isGone()) {
    await rehearsal.clock.sleep(rehearsalLeaseMs + 1_000);
    const second = await rehearsal.start();
    expect(await workWithin(rehearsal, dayMs, () => carryOut(second, plan, rehearsal.exports))).toBe(null);
  }
  await rehearsal.clock.sleep(1_000);
  // One that lives: to look at what there is has effects too.
  const { runtime } = await rehearsal.start();
  const { summary, leads } = await readRemains(runtime, plan.jobId);
  return { summary, leads };
}

const found = new Map<number, Promise<Result>>();

/** Everybody among the first so many repositories, best first, by a campaign that knows of no other. */
function everybodyIn(maxRepos: number): Promise<Result> {
  const run = { onlyNew: false, targetLeads: everybody, maxRepos, crash: null };
  const searching = async () => {
    const plan = planOf(run, "job_all", "memory");
    const rehearsal = await createRehearsal(plan);
    try {
      return await play(rehearsal, run, plan);
    } finally {
      await rehearsal.remove();
    }
  };
  const known = found.get(maxRepos) ?? searching();
  found.set(maxRepos, known);
  return known;
}

const anyRun: fc.Arbitrary<Run> = fc.record({
  onlyNew: fc.boolean(),
  targetLeads: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(everybody)),
  maxRepos: fc.constantFrom(10, 40, 60, 90, 120),
  crash: fc.option(
    fc.record({ effect: fc.integer({ min: 1, max: 160 }), moment: fc.constantFrom(...moments) }),
  ),
});

describe.each(["memory", "sqlite"] as const)(
  "Runs of a campaign that ask for who is new, over %s",
  (store) => {
    it("export whom no run before exported, the best of all who were found first, wherever a process ends", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRun, { minLength: 2, maxLength: 5 }), async (runs) => {
          const ordered = runs
            .map(({ maxRepos }) => maxRepos)
            .sort((a, b) => a - b)
            .map((maxRepos, index) => ({ ...(runs[index] as Run), maxRepos }));
          const rehearsal = await createRehearsal(planOf(ordered[0] as Run, "job_0", store));
          const exported = new Set<string>();
          try {
            for (const [index, run] of ordered.entries()) {
              const { summary, leads } = await play(rehearsal, run, planOf(run, `job_${index}`, store));
              expect(summary).toMatchObject({ status: "completed" });
              const looked = summary.counts.reposMatched ?? 0;
              const all = (await everybodyIn(looked)).leads;
              const isNew = ({ nodeId }: Lead) => !run.onlyNew || !exported.has(nodeId);
              const wanted = all.filter((lead) => lead.contactable && isNew(lead)).slice(0, run.targetLeads);
              const ids = (list: readonly Lead[]) => list.map(({ nodeId }) => nodeId);
              expect(ids(leads.filter(({ contactable }) => contactable))).toEqual(ids(wanted));
              // Who is known is no lead at all, contactable or not.
              expect(ids(leads.filter(({ contactable }) => !contactable))).toEqual(
                ids(all.filter((lead) => !lead.contactable && isNew(lead))),
              );
              const known = all.filter((lead) => !isNew(lead)).length;
              expect(summary.counts.drops.known ?? 0).toBe(known);
              expect(summary.counts).toMatchObject({ leads: leads.length, contactable: wanted.length });
              if (run.onlyNew) {
                const baselineJobId = index === 0 ? null : `job_${index - 1}`;
                // Answers of a run stay with it: whoever the last one asked for can be compared.
                expect(summary.onlyNew).toMatchObject({ baselineJobId, known, changed: 0 });
                for (const lead of leads.filter(({ contactable }) => contactable)) {
                  expect(lead.firstSeenAt).toBe(summary.startedAt);
                }
              } else expect(summary.onlyNew).toBe(undefined);
              // It goes on until it has as many as it wants, or the matches end.
              if (wanted.length < run.targetLeads)
                expect(looked).toBe((await everybodyIn(run.maxRepos)).summary.counts.reposMatched);
              for (const { nodeId } of wanted) exported.add(nodeId);
            }
          } finally {
            await rehearsal.remove();
          }
        }),
        { numRuns: 8 },
      );
    });
  },
);
