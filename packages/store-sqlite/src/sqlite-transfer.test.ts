import { join } from "node:path";
import { createFakeClock, describeTransferContract } from "@cmo/engine/testing";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import { openSqliteTransfer } from "./sqlite-transfer.ts";

describeTransferContract("The content of a SQLite store", {
  async create() {
    const clock = createFakeClock();
    const path = join(await temporaryFolder(), "store.db");
    return {
      store: await createSqliteStore({ path, clock, pollMs: 5 }),
      transfer: await openSqliteTransfer({ path, clock }),
      now: () => clock.now(),
    };
  },
});
