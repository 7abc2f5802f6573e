import { createServer } from "node:net";

/**
 * An address of this machine where nobody answers. A port that was free a moment ago is not one: the next server that
 * asks for any may be given it. One of the first 1,024 is given to nobody who does not ask for it.
 */
export const nobodyUrl = "http://127.0.0.1:2";

/** Below those that systems give to whoever asks for any, and to whoever connects. */
const firstPort = 20_000;
const portsOfWorker = 500;
/** Another run of the tests beside this one has workers of the same numbers, and begins somewhere else. */
let next = process.pid % portsOfWorker;

/**
 * A port for a server that will be started again on it: nobody else is given it while that server is away. Test
 * processes that run at the same time have ports of their own.
 */
export async function portToKeep(): Promise<string> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0) % 20;
  for (;;) {
    const port = firstPort + worker * portsOfWorker + (next % portsOfWorker);
    next += 1;
    if (await isFree(port)) return String(port);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
