import { suppressionPageSchema, suppressionStateSchema } from "@cmo/contract";
import fc from "fast-check";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServicePlace, type ServicePlace, storeKinds } from "./service-place.ts";

describe.each(storeKinds)("The suppression list of a service over %s", (kind) => {
  let place: ServicePlace;
  beforeAll(async () => {
    place = await openServicePlace(kind);
  });
  afterAll(() => place.close());

  it("S31 takes logins, ids, addresses and domains, for every tenant, and keeps no name", async () => {
    const entries = ["Zoe", "id:U_kgDO1", "Zoe@Works.example", "@works.example"];
    const added = await place.service.addSuppressions(entries);
    expect(v.parse(suppressionStateSchema, added)).toEqual(added);
    expect(added.entries.map(({ kind: what, listed }) => [what, listed])).toEqual([
      ["login", true],
      ["id", true],
      ["email", true],
      ["domain", true],
    ]);
    expect(await place.others.checkSuppressions(["zoe", "bob"])).toMatchObject({
      entries: [{ listed: true }, { listed: false }],
    });
    // Letters that no hash has.
    expect(JSON.stringify(await place.service.suppressions())).not.toMatch(/zoe|works/i);
    expect(await place.others.removeSuppressions(["zoe"])).toMatchObject({ entries: [{ listed: false }] });
    expect(await place.service.checkSuppressions(entries)).toMatchObject({
      entries: [{ listed: false }, { listed: true }, { listed: true }, { listed: true }],
    });
  });

  it("is read in pages of any size, each entry once", async () => {
    await place.service.addSuppressions(Array.from({ length: 20 }, (_, index) => `person-${index}`));
    const all = (await place.service.suppressions({ limit: 1_000 })).entries;
    expect(all.length).toBeGreaterThanOrEqual(20);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2, 7, all.length - 1, all.length, all.length + 1),
        async (limit) => {
          const entries = [];
          for (let after: string | undefined; ; ) {
            const page = await place.service.suppressions({
              limit,
              ...(after === undefined ? {} : { after }),
            });
            expect(v.parse(suppressionPageSchema, page)).toEqual(page);
            expect(page.entries.length).toBeGreaterThan(0);
            entries.push(...page.entries);
            if (page.next === null) break;
            after = page.next;
          }
          expect(entries).toEqual(all);
        },
      ),
      { numRuns: 10 },
    );
    for (const limit of [0, 1_001, 0.5]) {
      await expect(place.service.suppressions({ limit })).rejects.toMatchObject({ code: "usage" });
    }
    for (const after of ["", "short", "a b".repeat(10), "x".repeat(200)]) {
      await expect(place.service.suppressions({ after })).rejects.toMatchObject({
        code: "usage",
        problems: [{ path: ["after"] }],
      });
    }
  });

  it("takes all of a request or none of it, and says of what is no entry only where it stands", async () => {
    const wrong = ["carol", "canary person", "dave@works.example", "@canary", "\0"];
    const before = await place.service.suppressions({ limit: 1_000 });
    for (const method of ["addSuppressions", "removeSuppressions", "checkSuppressions"] as const) {
      const failure = await place.service[method](wrong).catch((error) => error);
      expect(failure).toMatchObject({
        code: "usage",
        message: "Not an entry: number 2, 4, 5 of 5.",
        problems: [{ path: ["entries", "1"] }, { path: ["entries", "3"] }, { path: ["entries", "4"] }],
      });
      expect(JSON.stringify([failure.message, failure.hint, failure.problems])).not.toContain("canary");
    }
    expect(await place.service.suppressions({ limit: 1_000 })).toEqual(before);
    const many = await place.service.addSuppressions(Array(9_000).fill("a b")).catch((error) => error);
    expect(many.message.length).toBeLessThan(200);
    expect(many.problems.length).toBeLessThanOrEqual(20);
  });
});
