import { connect, createServer, type Socket } from "node:net";

/** Stands before a PostgreSQL, and breaks a connection at a commit. */
export interface CommitCutter {
  /** The database, through it. */
  readonly url: string;
  /**
   * Breaks the next connection that commits: before the server has heard of it, or after it has answered; and all others
   * with it, once `meanwhile` is done.
   */
  cut(when: "before" | "after", meanwhile?: () => Promise<void>): void;
  /** How many it has broken. */
  cuts(): number;
  close(): Promise<void>;
}

/** A simple query `COMMIT`, as it stands in the protocol: its type, its length, its text, and a zero. */
const commit = Buffer.from([0x51, 0, 0, 0, 11, ...Buffer.from("COMMIT"), 0]);

/** Opens a {@link CommitCutter} on the loopback. */
export async function openCommitCutter(database: string): Promise<CommitCutter> {
  const target = new URL(database);
  const sockets = new Set<Socket>();
  let armed: { readonly when: "before" | "after"; readonly meanwhile: () => Promise<void> } | null = null;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let cutting: (() => Promise<void>) | null = null;
    let isGone = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // A server that ends meanwhile is heard of when the meanwhile is over.
      socket.on("error", () => isGone || end()).on("close", () => isGone || end());
    }
    const endAfter = (work: () => Promise<void>) => {
      isGone = true;
      void work().finally(end);
    };
    client.on("data", (bytes) => {
      if (armed === null || !bytes.includes(commit)) return void upstream.write(bytes);
      const { when, meanwhile } = armed;
      armed = null;
      cuts += 1;
      if (when === "before") return endAfter(meanwhile);
      cutting = meanwhile;
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (isGone) return;
      // The answer has come, so that it is done; nobody hears of it.
      if (cutting !== null) endAfter(cutting);
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(database);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    cut(when, meanwhile = async () => {}) {
      armed = { when, meanwhile };
    },
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
