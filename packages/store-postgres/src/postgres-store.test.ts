import { createFakeClock, describeStoreContract } from "@cmo/engine/testing";
import { afterAll, beforeAll } from "vitest";
import { newSchema, type PostgresServer, startPostgres } from "../test/postgres-server.ts";
import { createPostgresStore } from "./postgres-store.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describeStoreContract("The PostgreSQL store", {
  async create() {
    const clock = createFakeClock();
    const store = await createPostgresStore({ url: server.url, schema: newSchema(), clock, connections: 4 });
    return { store, clock };
  },
});
