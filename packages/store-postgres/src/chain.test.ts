import { createFakeClock, describeChainContract } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { createPostgresStore } from "./postgres-store.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describeChainContract("A PostgreSQL store", {
  async create() {
    const schema = newSchema();
    const { url } = server;
    const store = await createPostgresStore({ url, schema, clock: createFakeClock(), connections: 2 });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`SET search_path TO "${schema}"`);
    return {
      store,
      async tamper(sql, values) {
        const [first = "", ...parts] = sql.split("?");
        await client.query(first + parts.map((part, index) => `$${index + 1}${part}`).join(""), [...values]);
      },
      dispose: () => client.end(),
    };
  },
});
