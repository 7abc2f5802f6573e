import type { JobEvent } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import { joinEngine, openSimulated, specOf } from "../campaign/campaign.ts";

/** A campaign of which only its time is of interest. */
export interface SimulatedRun {
  readonly seed: number;
  /** The median time of an answer, in milliseconds. */
  readonly latencyMs: number;
  /** What ends it: so many leads, or so many repositories looked at. */
  readonly end: "target" | "repositories";
  readonly size: number;
}

/** How much answers vary: the standard deviation of the logarithm of their time. */
const jitter = 0.4;

/** Runs a campaign of the real agent and client against the simulator, in a time that passes as fast as it can. */
export async function simulateRun({
  seed,
  latencyMs,
  end,
  size,
}: SimulatedRun): Promise<readonly JobEvent[]> {
  const { clock, fetch } = openSimulated({ seed, repositories: size > 600 ? 16_000 : 5_000, latencyMs: 0 });
  const random = seededRandom(seed);
  const engine = joinEngine({
    clock,
    async fetch(url, init) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      await clock.sleep(latencyMs * Math.exp(jitter * normal), init.signal);
      return fetch(url, init);
    },
  });
  const { jobId } = await engine.runInproc(specOf(configOf(end, size)));
  return engine.store.readEvents(jobId ?? "", 0, 1_000_000);
}

/** How many repositories a run may look at. */
export function mostRepositories({ end, size }: Pick<SimulatedRun, "end" | "size">): number {
  return end === "target" ? 10_000 : size;
}

function configOf(end: SimulatedRun["end"], size: number): Readonly<Record<string, unknown>> {
  const target = end === "target" ? size : 5_000;
  return {
    params: { language: "Go", stars_range: ">=100", target_leads: target },
    limits: { max_repos: mostRepositories({ end, size }), people_per_repo: 5 },
  };
}
