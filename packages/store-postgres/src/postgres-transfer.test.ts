import { createFakeClock, describeTransferContract } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll } from "vitest";
import { createPostgresStore } from "./postgres-store.ts";
import { openPostgresTransfer } from "./postgres-transfer.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describeTransferContract("The content of a PostgreSQL store", {
  async create() {
    const clock = createFakeClock();
    const schema = newSchema();
    const { url } = server;
    return {
      store: await createPostgresStore({ url, schema, clock, connections: 4, lookMs: 50 }),
      transfer: await openPostgresTransfer({ url, schema, clock }),
      now: () => clock.now(),
    };
  },
});
