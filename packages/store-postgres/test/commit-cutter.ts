import { connect, createServer, type Socket } from "node:net";

/** Stands before a PostgreSQL, and breaks a connection at a commit. */
export interface CommitCutter {
  /** The database, through it. */
  readonly url: string;
  /** Breaks the next connection that commits: before the server has heard of it, or after it has answered. */
  cut(when: "before" | "after"): void;
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
  let armed: "before" | "after" | null = null;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCutting = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", end).on("close", end);
    }
    client.on("data", (bytes) => {
      if (armed === null || !bytes.includes(commit)) return void upstream.write(bytes);
      const when = armed;
      armed = null;
      cuts += 1;
      if (when === "before") return end();
      isCutting = true;
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      // The answer has come, so that it is done; nobody hears of it.
      if (isCutting) end();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(database);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    cut(when) {
      armed = when;
    },
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
