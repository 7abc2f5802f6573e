import { createGitHubSimulator, listenGitHubSimulator } from "@cmo/github-simulator";

/** A simulated GitHub on a port, whose answers can be held back. */
export interface HeldGitHub {
  readonly url: string;
  /** How many requests have come. */
  requests(): number;
  /** The value of every `Authorization` that has come. */
  readonly authorizations: ReadonlySet<string>;
  /** Answers so many more and lets all others wait until `release`; resolves when one waits. */
  hold(answered: number): Promise<void>;
  release(): void;
  close(): Promise<void>;
}

/** Opens a {@link HeldGitHub}. */
export async function openHeldGitHub(): Promise<HeldGitHub> {
  const simulator = createGitHubSimulator({
    seed: 7,
    repositories: 300,
    latencyMs: 5,
    asOf: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
  });
  let requests = 0;
  let answeredUpTo = Number.POSITIVE_INFINITY;
  let onHeld = () => {};
  const held = new Set<() => void>();
  const authorizations = new Set<string>();
  const listening = await listenGitHubSimulator({
    async fetch(url, init) {
      requests += 1;
      const authorization = new Headers(init?.headers).get("authorization");
      if (authorization !== null) authorizations.add(authorization);
      if (requests > answeredUpTo) {
        const released = new Promise<void>((resolve) => held.add(resolve));
        onHeld();
        await released;
      }
      return simulator.fetch(url, init);
    },
  });
  function release(): void {
    answeredUpTo = Number.POSITIVE_INFINITY;
    for (const go of held) go();
    held.clear();
  }
  return {
    url: listening.url,
    requests: () => requests,
    authorizations,
    hold(answered) {
      answeredUpTo = requests + answered;
      return new Promise((resolve) => {
        onHeld = resolve;
      });
    },
    release,
    async close() {
      release();
      await listening.close();
    },
  };
}
