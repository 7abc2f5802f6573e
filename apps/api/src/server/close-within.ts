import type { Clock } from "@cmo/engine";
import type { ListeningApp } from "./listen.ts";

/** How often it is looked which connections have nothing more to do. */
const lookEveryMs = 50;

/**
 * Takes no more connections and waits until those that there are have had their answers, at most so long; the rest is
 * cut off. A connection that is kept alive is closed as soon as nothing goes on in it.
 */
export async function closeWithin(
  { server, close }: ListeningApp,
  withinMs: number,
  clock: Clock,
): Promise<void> {
  const until = clock.now() + withinMs;
  let isClosed = false;
  server.close(() => {
    isClosed = true;
  });
  while (!isClosed && clock.now() < until) {
    server.closeIdleConnections();
    await clock.sleep(lookEveryMs);
  }
  if (!isClosed) await close();
}
