import { type Agent, type CampaignConfig, type JobSpec, type Store, withoutSchedule } from "@cmo/engine";
import { createCampaignSpec } from "../campaign/create-campaign-spec.ts";
import type { Host } from "../host/host.ts";
import { createRuntime, type Runtime } from "../runtime/create-runtime.ts";
import { type RehearsalPlan, rehearsalHost } from "./rehearsal.ts";

/** What is rehearsed, and on what. */
export interface PlanCampaignOptions {
  /** Only its time is asked, once: the campaign looks from that instant. */
  host: Pick<Host, "clock">;
  config: CampaignConfig;
  /** Default: a SQLite file in a folder of its own, which is removed. */
  store?: "sqlite" | "memory";
  /** Of the randomness of all processes, and of the points that are taken when not all are. */
  readonly seed: number;
  /** What is put around the store and the agent of every process: for trying another one, or a broken one. */
  wrapStore?(store: Store): Store;
  wrapAgent?(agent: Agent): Agent;
}

/** A campaign as it is rehearsed. */
export interface PlannedCampaign {
  readonly plan: RehearsalPlan;
  readonly name: string;
  /** Whether the simulator stands in for the source that the config names. */
  readonly standIn: boolean;
  /** What in the config may make a difference that is no fault, in words. */
  readonly notes: readonly string[];
}

/**
 * The rehearsal of a campaign: its own simulated world with its own faults, or one of 2,000 repositories in the place
 * of GitHub. Mail domains are never asked about outside. @throws CmoError `config_invalid`.
 */
export async function planCampaign(options: PlanCampaignOptions): Promise<PlannedCampaign> {
  const { host, config, store = "sqlite", seed, wrapStore, wrapAgent } = options;
  const now = host.clock.now();
  const clock = { now: () => now, sleep: async () => {} };

  // The same instant in every process, as in a job that is gone on with.
  async function specFor(runtime: Runtime): Promise<JobSpec> {
    const spec = await createCampaignSpec({ ...runtime, host: { ...runtime.host, clock } }, { config });
    // One run is rehearsed.
    return { ...withoutSchedule(spec), source: simulated(spec.source) };
  }

  const drafting = createRuntime({ host: rehearsalHost(clock, `${seed}`) });
  const written = await createCampaignSpec(drafting, { config });
  const source = simulated(written.source);
  return {
    name: written.name,
    standIn: written.source.type !== "simulator",
    notes: notesOn({ ...written, source }),
    plan: {
      jobId: "job_chaos",
      specFor,
      now,
      simulator: {
        seed: source.seed,
        repositories: source.repositories,
        faults: source.faults,
        latencyMs: answerMs,
        asOf: `${written.asOf.slice(0, 10)}T00:00:00.000Z`,
      },
      concurrency: source.concurrency,
      mail: source.mail === "none" ? "none" : "simulator",
      store,
      seed,
      ...(wrapStore === undefined ? {} : { wrapStore }),
      ...(wrapAgent === undefined ? {} : { wrapAgent }),
    },
  };
}

type SimulatedSource = Extract<JobSpec["source"], { type: "simulator" }>;

function simulated(source: JobSpec["source"]): SimulatedSource {
  const mail = source.mail === "none" ? "none" : "simulator";
  if (source.type === "simulator") return { ...source, mail };
  const { concurrency } = source;
  return { type: "simulator", concurrency, mail, seed: 1, repositories: 2_000, latencyMs: 0, faults: [] };
}

/** What a campaign spends on a crash is spent: near a limit it may end sooner than it would have. */
function notesOn({ limits, source }: { limits: JobSpec["limits"]; source: SimulatedSource }): string[] {
  const notes: string[] = [];
  if (limits.maxRequests !== null || limits.maxPoints !== null) {
    notes.push(
      "limits.max_requests and max_points count what is asked again: near them a crash may cost a result.",
    );
  }
  if (limits.timeoutMinutes !== null) {
    notes.push("limits.timeout_minutes counts the half minute after a crash in which nobody has the job.");
  }
  if (source.faults.some(({ at, every, rate, times }) => (at ?? every ?? rate ?? times) !== undefined)) {
    notes.push("Faults that come by the count of requests may hit another request after a crash.");
  }
  return notes;
}

/**
 * How long each answer takes by the campaign's own time, whatever `latency_ms` says: long enough for several requests to
 * be on their way at once, short enough for few ticks of the engine's timers in between, each of which is a point.
 */
const answerMs = 40;
