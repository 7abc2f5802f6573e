import { type PostgresServer, startPostgres } from "@cmo/postgres";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentOf, fillStore, openCopyPlace, toldBy } from "./copy-place.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Any text but the zero character, which PostgreSQL has in no text. */
const anyText = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("\0", ""));

describe("A store that is copied from SQLite to PostgreSQL and back", () => {
  it("holds the same rows in the same order, whatever is in it, and a second copy changes nothing", async () => {
    const place = openCopyPlace(() => server);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          play: fc.integer({ min: 1, max: 1_000_000 }),
          texts: fc.uniqueArray(anyText, { maxLength: 8 }),
          numbers: fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 5 }),
        }),
        async (filling) => {
          const [first, middle, last] = [await place.sqlite(), await place.postgres(), await place.sqlite()];
          await fillStore(first, place.clock, filling);
          // At rest before, so that the copy has nothing to add to any log.
          const open = await first.store.listJobs({ status: ["queued", "running"], limit: 1_000 });
          for (const { id } of open) await first.store.updateJob(id, () => ({ patch: atRest }));
          const [content, told] = [await contentOf(first), await toldBy(first.store)];

          const report = await place.copy(first, middle);
          expect(report.jobs).toHaveLength(content.jobs.length);
          expect(report.resumed).toEqual([]);
          expect(await contentOf(middle)).toEqual(content);
          await place.copy(middle, last);
          expect(await contentOf(last)).toEqual(content);
          expect(await contentOf(first)).toEqual(content);
          expect(await toldBy(middle.store)).toEqual(told);
          expect(await toldBy(last.store)).toEqual(told);

          const again = await place.copy(middle, last);
          expect(again.jobs).toEqual([]);
          expect(again.leftOut.present).toHaveLength(content.jobs.length);
          expect(await contentOf(last)).toEqual(content);
        },
      ),
      { numRuns: 6 },
    );
  });
});

const atRest = { status: "paused", desired: null, leaseOwner: null, leaseUntil: null } as const;
