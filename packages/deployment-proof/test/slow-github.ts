import { setTimeout as wait } from "node:timers/promises";
import { createGitHubSimulator, listenGitHubSimulator } from "@cmo/github-simulator";

/** A simulated GitHub on a port that answers so slowly that a job lasts for minutes, until it is told to be quick. */
export interface SlowGitHub {
  readonly url: string;
  /** Resolves when a request has to wait. */
  readonly asked: Promise<void>;
  beQuick(): void;
  close(): Promise<void>;
}

/** Nobody who asks two questions at once gives up waiting. */
const betweenMs = 4_000;

/** Opens a {@link SlowGitHub} that answers the first few requests at once. */
export async function openSlowGitHub(answered: number): Promise<SlowGitHub> {
  const simulator = createGitHubSimulator({
    seed: 7,
    repositories: 900,
    latencyMs: 1,
    asOf: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
  });
  const quick = new AbortController();
  let left = answered;
  let onAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    onAsked = resolve;
  });
  // One after the other.
  let turn = Promise.resolve();
  const { url, close } = await listenGitHubSimulator({
    async fetch(address, init) {
      left -= 1;
      if (left < 0) {
        onAsked();
        turn = turn.then(() => wait(betweenMs, undefined, { signal: quick.signal })).catch(() => {});
        await turn;
      }
      return simulator.fetch(address, init);
    },
  });
  return {
    url,
    asked,
    beQuick: () => quick.abort(),
    async close() {
      quick.abort();
      await close();
    },
  };
}
