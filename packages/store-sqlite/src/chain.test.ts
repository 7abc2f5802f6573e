import { join } from "node:path";
import { createFakeClock, describeChainContract } from "@cmo/engine/testing";
import Database from "libsql";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { createSqliteStore } from "./sqlite-store.ts";

describeChainContract("A SQLite store", {
  async create() {
    const path = join(await temporaryFolder(), "store.db");
    const store = await createSqliteStore({ path, clock: createFakeClock() });
    const database = new Database(path, { timeout: 5_000 });
    return {
      store,
      async tamper(sql, values) {
        database.prepare(sql).run([...values]);
      },
      async dispose() {
        database.close();
      },
    };
  },
});
