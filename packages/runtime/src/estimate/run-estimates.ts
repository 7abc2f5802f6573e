import type { JobCircumstances } from "@cmo/contract";
import type { Job, Store } from "@cmo/engine";
import { type EstimateGrounds, estimateAt, type RunEstimate } from "@cmo/view";
import { type FoldedEstimate, foldEstimate } from "./fold-estimate.ts";
import { groundsFor } from "./run-history.ts";

/** Estimates of running jobs, each asked for again and again while it runs. */
export interface RunEstimates {
  /** At a time in milliseconds since the epoch. Reads of the log what came since the last ask. */
  of(job: Job, now: number): Promise<Pick<JobCircumstances, "estimate" | "estimateGrounds">>;
}

interface Watched {
  readonly grounds: EstimateGrounds | null;
  readonly folded: FoldedEstimate;
}

/** So many jobs are kept in mind; one more, and the one that was asked about longest ago is folded from its beginning. */
const mostWatched = 50;

/** {@link RunEstimates} over a store. */
export function createRunEstimates(store: Store): RunEstimates {
  const watched = new Map<string, Promise<Watched>>();

  function watch(job: Job, now: number): Promise<Watched> {
    const known = watched.get(job.id) ?? begin(job, now);
    const next = known.then((one) => goOn(one, job));
    watched.delete(job.id);
    watched.set(job.id, next);
    next.catch(() => {
      // What failed is begun anew at the next ask.
      if (watched.get(job.id) === next) watched.delete(job.id);
    });
    const [oldest] = watched.keys();
    if (watched.size > mostWatched && oldest !== undefined) watched.delete(oldest);
    return next;
  }

  async function begin(job: Job, now: number): Promise<Watched> {
    const grounds = await groundsFor(store, job, now);
    return { grounds, folded: await foldEstimate(store, job, grounds) };
  }

  async function goOn({ grounds, folded }: Watched, job: Job): Promise<Watched> {
    return { grounds, folded: await foldEstimate(store, job, grounds, folded) };
  }

  return {
    async of(job, now) {
      if (job.finishedAt !== null) {
        watched.delete(job.id);
        return { estimate: null, estimateGrounds: null };
      }
      if (job.startedAt === null) {
        return { estimate: { state: "unknown", because: "not_started" }, estimateGrounds: null };
      }
      const { grounds, folded } = await watch(job, now);
      return {
        estimate: viewOf(estimateAt(folded.state, now)),
        estimateGrounds: grounds as JobCircumstances["estimateGrounds"],
      };
    },
  };
}

function viewOf(estimate: RunEstimate | null): JobCircumstances["estimate"] {
  if (estimate === null || estimate.state === "unknown") return estimate;
  const { p50, p90 } = estimate.endsAt;
  return { ...estimate, endsAt: { p50: isoOf(p50), p90: isoOf(p90) } };
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
