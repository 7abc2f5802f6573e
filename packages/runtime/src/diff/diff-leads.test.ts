import { canonicalJson, type Lead, withoutFetchTimes } from "@cmo/engine";
import { buildLead } from "@cmo/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLeads } from "./compare-leads.ts";
import { diffLeads, type LeadsDiff } from "./diff-leads.ts";

const lead = fc
  .record({
    nodeId: fc.constantFrom(..."abcdefghij"),
    login: fc.constantFrom("ada", "grace"),
    bio: fc.constantFrom(null, "writes", "reads"),
    score: fc.integer({ min: 0, max: 2 }),
    fetchedAt: fc.constantFrom(null, "2030-01-31T12:00:00.000Z", "2030-02-01T12:00:00.000Z"),
    reasons: fc.uniqueArray(
      fc.record({
        signal: fc.constantFrom("stars", "recency"),
        points: fc.integer({ min: 0, max: 1 }),
        evidence: fc.constantFrom("x", "y"),
      }),
      { selector: ({ signal }) => signal },
    ),
  })
  .map((facts) => buildLead({ ...facts, provenance: {} }));

const list = fc
  .uniqueArray(lead, { selector: ({ nodeId }) => nodeId })
  .map((leads) => leads.map((one, index) => ({ ...one, rank: index + 1 })));

/** Two lists that have nothing to do with each other, or of which the second is the first with some changes. */
const pair = fc.oneof(
  fc.tuple(list, list),
  list.chain((a) =>
    fc.tuple(
      fc.constant(a),
      fc
        .oneof(fc.subarray(a), fc.shuffledSubarray(a))
        .chain((kept) => fc.tuple(...kept.map(laterForm)))
        .map((later) => later.map((one, index) => ({ ...one, rank: index + 1 }))),
    ),
  ),
);

/** Somebody as another run may find them. */
function laterForm(before: Lead): fc.Arbitrary<Lead> {
  return fc.oneof(
    fc.constant(before),
    fc.constantFrom(null, "2030-02-03T12:00:00.000Z").map((fetchedAt) => ({ ...before, fetchedAt })),
    fc.constantFrom("rewritten", null).map((bio) => ({ ...before, bio })),
  );
}

/** Every lead of one list looked for in the other, one after the other. */
function bruteForce(a: readonly Lead[], b: readonly Lead[]) {
  const said = (one: Lead) => canonicalJson({ ...withoutFetchTimes(one), rank: 0 });
  const partner = (one: Lead, of: readonly Lead[]) => of.find(({ nodeId }) => nodeId === one.nodeId);
  const both = b.flatMap((after) => {
    const before = partner(after, a);
    return before === undefined ? [] : [{ before, after, isSame: said(before) === said(after) }];
  });
  const changed = both.filter(({ isSame }) => !isSame);
  const same = both.filter(({ isSame }) => isSame);
  const idsOf = (pairs: typeof both) => pairs.map(({ after }) => after.nodeId);
  return {
    added: b.filter((one) => partner(one, a) === undefined).map(({ nodeId }) => nodeId),
    gone: a.filter((one) => partner(one, b) === undefined).map(({ nodeId }) => nodeId),
    changed: idsOf(changed),
    moved: idsOf(same.filter(({ before, after }) => before.rank !== after.rank)),
    unchanged: same.filter(({ before, after }) => before.rank === after.rank).length,
  };
}

async function* give(leads: readonly Lead[]): AsyncGenerator<Lead> {
  yield* leads;
}

const diffOf = (a: readonly Lead[], b: readonly Lead[], limit = 1_000): Promise<LeadsDiff> =>
  diffLeads({ a: () => give(a), b: () => give(b), limit });

describe("The difference of two lists of leads", () => {
  it("is what comparing each with each finds, however few are told of", async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.integer({ min: 0, max: 12 }), async ([a, b], limit) => {
        const wanted = bruteForce(a, b);
        const { added, gone, changed, moved, unchanged, countA, countB } = await diffOf(a, b, limit);
        expect({ unchanged, countA, countB }).toEqual({
          unchanged: wanted.unchanged,
          countA: a.length,
          countB: b.length,
        });
        for (const [kind, found] of Object.entries({ added, gone, changed, moved })) {
          const ids = wanted[kind as "added" | "gone" | "changed" | "moved"];
          expect(found.count, kind).toBe(ids.length);
          expect(
            found.leads.map(({ nodeId }) => nodeId),
            kind,
          ).toEqual(ids.slice(0, limit));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("says of each that changed what changed, and of nobody else anything", async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => {
        const { changed } = await diffOf(a, b);
        for (const { nodeId, fields, signals, rankA, rankB } of changed.leads) {
          const before = a.find((one) => one.nodeId === nodeId);
          const after = b.find((one) => one.nodeId === nodeId);
          expect([rankA, rankB]).toEqual([before?.rank, after?.rank]);
          expect(fields.length + signals.length).toBeGreaterThan(0);
          for (const { key, a: was, b: is } of fields.filter((one) => one.key !== "reasons")) {
            expect(was).toEqual(before?.[key as keyof Lead] ?? null);
            expect(is).toEqual(after?.[key as keyof Lead] ?? null);
          }
        }
        for (const one of a) expect(compareLeads(one, one)).toEqual({ fields: [], signals: [] });
      }),
    );
  });

  it("is the other way round when the lists are", async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => {
        const [there, back] = [await diffOf(a, b), await diffOf(b, a)];
        expect(back.added.leads).toEqual(there.gone.leads);
        expect(back.gone.leads).toEqual(there.added.leads);
        expect(back.changed.count).toBe(there.changed.count);
        expect(back.moved.count).toBe(there.moved.count);
      }),
    );
  });

  it("reads each list through once, and the first again only as far as what is told reaches", async () => {
    const leads = Array.from({ length: 5_000 }, (_one, index) =>
      buildLead({ nodeId: `U_${index}`, rank: index + 1 }),
    );
    const other = leads
      .map((one, index) => (index === 20 ? { ...one, bio: "another" } : one))
      .toSpliced(10, 1);
    let read = 0;
    const counted = async function* (from: readonly Lead[]) {
      for (const one of from) {
        read += 1;
        yield one;
      }
    };
    const { gone, changed, moved, unchanged } = await diffLeads({
      a: () => counted(leads),
      b: () => counted(other),
      limit: 5,
    });
    expect({ gone: gone.count, changed: changed.count, moved: moved.count, unchanged }).toEqual({
      gone: 1,
      changed: 1,
      moved: 0,
      unchanged: 4_998,
    });
    expect(read).toBe(5_000 + 4_999 + 21);
  });

  it("tells of nobody who is suppressed while it is made", async () => {
    const [ada, grace] = [buildLead({ nodeId: "U_ada", rank: 1 }), buildLead({ nodeId: "U_grace", rank: 2 })];
    let readings = 0;
    const { gone } = await diffLeads({
      a: () => {
        readings += 1;
        return give(readings === 1 ? [ada, grace] : [grace]);
      },
      b: () => give([]),
      limit: 5,
    });
    expect(gone.leads.map(({ nodeId }) => nodeId)).toEqual(["U_grace"]);
  });
});
