import { type ChaosPoint, type ChaosSelection, choosePoints, possiblePoints } from "./chaos-point.ts";
import type { ChaosVerdict, DifferingPoint } from "./chaos-verdict.ts";
import { compareRemains } from "./compare-remains.ts";
import { type CrashOutcome, crashAt } from "./crash-at.ts";
import { type PlanCampaignOptions, planCampaign } from "./plan-campaign.ts";
import type { Remains } from "./remains.ts";
import { runUndisturbed, type Undisturbed } from "./run-undisturbed.ts";

/** How crashes are rehearsed. */
export interface RehearseCrashesOptions extends PlanCampaignOptions, ChaosSelection {
  /** Ends the run at the next point. */
  signal?: AbortSignal;
  /** Told of the undisturbed run, before the first point. */
  onBegin?(campaign: ChaosBeginning): void;
  /** Told before each point. */
  onPoint?(progress: ChaosProgress): void;
}

/** The undisturbed run, and how many points will be covered. */
export type ChaosBeginning = Pick<
  ChaosVerdict,
  "campaign" | "notes" | "store" | "seed" | "effects" | "points"
>;

/** How far a chaos run is. */
export interface ChaosProgress {
  /** From 1. */
  readonly ordinal: number;
  readonly of: number;
  readonly point: ChaosPoint;
  /** How many points differed so far. */
  readonly differing: number;
}

/**
 * Runs a campaign on simulated answers, then again and again, each time ending its process at another effect (a call of
 * the store, a request, a sleep, a mail look-up, a file), and has another process bring it to its end. Every run must
 * come to the same: canonical log, comparable summary, lead files; no event that was there is changed, no stored answer
 * is asked for again, and each file is the older one or the new one. Asks nobody, needs no token, and waits for none
 * of the campaign's delays.
 * @throws CmoError `config_invalid` for what only the whole campaign can tell; what the undisturbed run throws.
 */
export async function rehearseCrashes(options: RehearseCrashesOptions): Promise<ChaosVerdict> {
  const { seed, store = "sqlite", signal } = options;
  const { plan, name, standIn, notes } = await planCampaign(options);
  const calm = await runUndisturbed(plan);
  const points = choosePoints(calm.effects, options);
  const differing: DifferingPoint[] = [];
  const covered: ChaosPoint[] = [];
  let extraRequests = 0;
  const verdictSoFar = (): Omit<ChaosVerdict, "verdict"> => ({
    campaign: { name, standIn, ...factsOf(calm) },
    notes,
    store,
    seed,
    effects: calm.effects.length,
    points: {
      possible: possiblePoints(calm.effects, options.moments).length,
      chosen: points.length,
      covered: covered.length,
    },
    kinds: countKinds(calm.effects, covered),
    extraRequests,
    differing,
  });
  options.onBegin?.(verdictSoFar());

  // A campaign that differs from itself would differ at every point, and no crash would be to blame.
  const again = compareRemains(calm.remains, (await runUndisturbed(plan)).remains);
  if (again.length > 0) differing.push({ point: null, differences: again });
  for (const [index, point] of points.entries()) {
    if (signal?.aborted || differing.length >= mostDiffering) break;
    options.onPoint?.({ ordinal: index + 1, of: points.length, point, differing: differing.length });
    const crashed = await crashAt(plan, point, mostMsOf(calm));
    covered.push(point);
    extraRequests = Math.max(extraRequests, crashed.requests - calm.requests);
    const differences = differencesOf(calm.remains, crashed);
    if (differences.length > 0) differing.push({ point, differences });
  }
  const unfinished = covered.length < points.length;
  return {
    verdict: differing.length > 0 ? "different" : unfinished ? "unfinished" : "identical",
    ...verdictSoFar(),
  };
}

function differencesOf(calm: Remains, { remains, faults }: CrashOutcome) {
  return [...(remains === null ? [] : compareRemains(calm, remains)), ...faults];
}

function factsOf({ remains, requests, durationMs }: Undisturbed) {
  const { summary, leads } = remains;
  return {
    status: summary.status,
    leads: leads.length,
    contactable: leads.filter((lead) => lead.contactable).length,
    requests,
    durationMs,
  };
}

function countKinds(effects: readonly string[], points: readonly ChaosPoint[]): ChaosVerdict["kinds"] {
  return [...new Set(effects)]
    .map((kind) => ({
      kind,
      effects: effects.filter((effect) => effect === kind).length,
      points: points.filter((point) => point.kind === kind).length,
    }))
    .sort((one, other) => other.effects - one.effects || (one.kind < other.kind ? -1 : 1));
}

/** A crash costs a lease and what was on its way, and perhaps a wait for the quota to fill up again. */
function mostMsOf({ durationMs }: Undisturbed): number {
  return 2 * durationMs + 6 * 3_600_000;
}

/** After so many points that differ, more of them would say nothing new. */
const mostDiffering = 5;
