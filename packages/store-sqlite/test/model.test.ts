import { join } from "node:path";
import { createMemoryStore } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSqliteStore } from "../src/sqlite-store.ts";
import { anyAction, outcomeOf } from "./store-action.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// The memory store is the model: whatever is done to both, in whatever order, they answer the same.
describe("A SQLite store", () => {
  it("answers as the memory store does, through any of its connections, opened anew or not", async () => {
    const folder = await temporaryFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { minLength: 5, maxLength: 60 }), async (actions) => {
        run += 1;
        const path = join(folder, `${run}.db`);
        const clock = createFakeClock();
        const model = createMemoryStore({ clock, random: Math.random });
        const stores = [
          await createSqliteStore({ path, clock }),
          await createSqliteStore({ path, clock }),
        ] as const;
        const open = [...stores];
        try {
          for (const [index, action] of actions.entries()) {
            if (action.kind === "wait") await clock.advance(action.ms);
            else if (action.kind === "reopen") {
              await open[index % 2]?.close();
              open[index % 2] = await createSqliteStore({ path, clock });
              // Who opens a store finishes what is pending.
              await model.finishErasures();
            } else {
              const store = open[index % 2];
              if (store === undefined) throw new Error("There are two.");
              expect(await outcomeOf(store, action)).toEqual(await outcomeOf(model, action));
            }
          }
        } finally {
          for (const store of open) await store.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});
