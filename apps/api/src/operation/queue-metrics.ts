import type { Clock, Store } from "@cmo/engine";
import { Gauge, type Registry } from "./prometheus.ts";
import { resultWithin } from "./result-within.ts";

/** A page of metrics does not wait longer for the store. */
const storeLimitMs = 2_000;

/**
 * Metrics of what there is to do in the store; every server of a store says the same. Gives what reads them anew. A
 * store that does not answer leaves its figures out of the page, and `cmo_store_up` says so.
 */
export function createQueueMetrics(
  registry: Registry,
  store: Pick<Store, "readQueue">,
  clock: Clock,
): () => Promise<void> {
  const registers = [registry];
  const up = new Gauge({
    name: "cmo_store_up",
    help: "Whether the store answered when these metrics were read.",
    registers,
  });
  const jobs = new Gauge({
    name: "cmo_jobs",
    help: "Jobs in the store, by status.",
    labelNames: ["status"],
    registers,
  });
  const claimable = new Gauge({
    name: "cmo_queue_claimable_jobs",
    help: "Jobs that a worker may take now.",
    registers,
  });
  const age = new Gauge({
    name: "cmo_queue_oldest_age_seconds",
    help: "For how long the first of them could have been taken; 0 when there is none.",
    registers,
  });
  return async () => {
    const facts = await resultWithin(clock, storeLimitMs, () => store.readQueue());
    up.set(facts === null ? 0 : 1);
    jobs.reset();
    if (facts === null) {
      claimable.remove();
      age.remove();
      return;
    }
    for (const [status, count] of Object.entries(facts.jobs)) jobs.labels(status).set(count);
    claimable.set(facts.claimable);
    const since = facts.oldestClaimableAt;
    age.set(since === null ? 0 : Math.max(0, (clock.now() - since) / 1_000));
  };
}
