import type { Clock, Digest, JobSpec, Random, Source } from "@cmo/engine";
import { createGitHubSource, type RequestLogEntry } from "@cmo/github";
import type { SimulatorClock } from "@cmo/github-simulator";

/** What a simulated source is made of. */
export interface SimulatorSourceOptions {
  spec: JobSpec;
  settings: Extract<JobSpec["source"], { type: "simulator" }>;
  clock: Clock;
  random: Random;
  digest: Digest;
  onRequest?: ((entry: RequestLogEntry) => void) | undefined;
}

/**
 * A GitHub in this process, asked through the same client as the real one. Its world lives on the day that the campaign
 * looks from, so that what was active is active whenever the campaign runs.
 */
export async function openSimulatorSource({
  spec,
  settings,
  clock,
  random,
  digest,
  onRequest,
}: SimulatorSourceOptions): Promise<Source> {
  // Loaded when a campaign wants it: with the language of its queries it is most of the program.
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const simulator = createGitHubSimulator({
    seed: settings.seed,
    repositories: settings.repositories,
    latencyMs: settings.latencyMs,
    faults: settings.faults,
    asOf: `${spec.asOf.slice(0, 10)}T00:00:00.000Z`,
    clock: simulatorClock(clock),
  });
  return createGitHubSource({
    fetch: (url, init) => simulator.fetch(url, init),
    // No token of the operator is ever shown to the simulator.
    token: "simulated",
    apiUrl: "https://api.simulator.example",
    graphqlUrl: "https://api.simulator.example/graphql",
    clock,
    random,
    digest,
    concurrency: settings.concurrency,
    ...(onRequest === undefined ? {} : { log: onRequest }),
  });
}

/** The simulator's sleep rejects when it is aborted, the engine's resolves. */
function simulatorClock(clock: Clock): SimulatorClock {
  return {
    now: () => clock.now(),
    async sleep(ms, signal) {
      await clock.sleep(ms, signal);
      signal?.throwIfAborted();
    },
  };
}
