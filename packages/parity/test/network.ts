import { connect, createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** What stands between processes and a database, and breaks as networks do. */
export interface Network {
  /** The database, through it. */
  readonly url: string;
  /**
   * From now on nothing passes, in either direction, and nobody is told. Connections are still taken. What has been in
   * the hole stays there, as behind a router that lost what it knew: {@link Network.heal} is for new connections.
   */
  blackHole(): void;
  /** As {@link Network.blackHole}, once one of its connections has sent these bytes on: they arrive, nothing comes back. */
  blackHoleAfter(text: string): Promise<void>;
  heal(): void;
  /** Ends all connections with a reset. */
  reset(): void;
  /** Lets everything arrive later by this, in each direction. */
  slow(ms: number): void;
  close(): Promise<void>;
}

/** Opens a {@link Network} on the loopback. */
export async function openNetwork(database: string): Promise<Network> {
  const target = new URL(database);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isHole = false;
  let lateMs = 0;
  let armed: { readonly text: string; fall(): void } | null = null;
  /** Connections that have been in the hole. */
  const lost = new WeakSet<Socket>();

  function blackHole(): void {
    isHole = true;
    for (const [client] of pairs) lost.add(client);
  }

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    if (isHole) lost.add(client);
    for (const [from, to] of [pair, [upstream, client]] as const) {
      // One after the other, however late each is.
      let before: Promise<unknown> = Promise.resolve();
      const pass = (send: () => void) => {
        if (lateMs === 0) before = before.then(send);
        else before = Promise.all([before, wait(lateMs)]).then(send);
      };
      from.on("data", (bytes) => {
        if (lost.has(client)) return;
        pass(() => to.write(bytes));
        if (armed === null || from !== client || !bytes.includes(armed.text)) return;
        const { fall } = armed;
        armed = null;
        // The bytes are on their way; the answer is lost.
        lost.add(client);
        fall();
      });
      from.on("end", () => {
        if (!lost.has(client)) pass(() => to.end());
      });
      from.on("error", () => {
        if (!lost.has(client)) to.destroy();
      });
    }
    upstream.on("close", () => {
      if (!lost.has(client)) client.destroy();
    });
    client.on("close", () => {
      if (lost.has(client)) return;
      pairs.delete(pair);
      upstream.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(database);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    blackHole,
    blackHoleAfter: (text) =>
      new Promise((resolve) => {
        armed = {
          text,
          fall() {
            blackHole();
            resolve();
          },
        };
      }),
    heal() {
      isHole = false;
    },
    reset() {
      for (const [client, upstream] of pairs) {
        if (lost.has(client)) continue;
        client.resetAndDestroy();
        upstream.resetAndDestroy();
      }
    },
    slow(ms) {
      lateMs = ms;
    },
    async close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
