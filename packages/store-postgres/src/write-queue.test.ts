import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWriteQueue, inTheWay } from "./write-queue.ts";

interface Asked {
  readonly key: string | null;
  readonly name: string;
}

/** A queue whose batches end when they are told to. */
function openQueue({ lanes = 1, most = 10, busy = new Set<string>(), bad = new Set<string>() } = {}) {
  const batches: { readonly names: readonly string[]; end(): void }[] = [];
  const alone: string[] = [];
  const queue = createWriteQueue<Asked, string>({
    lanes,
    most,
    keyOf: ({ key }) => key,
    async carryOut(batch) {
      await new Promise<void>((end) => batches.push({ names: batch.map(({ name }) => name), end }));
      if (batch.some(({ name }) => bad.has(name))) throw new Error("bad");
      return batch.map(({ name }) => (busy.has(name) ? inTheWay : { answer: `${name}!` }));
    },
    async carryOutAlone({ name }) {
      alone.push(name);
      if (bad.has(name)) throw new Error(`${name} is bad`);
      return { answer: `${name} alone` };
    },
    isOutage: (error) => error instanceof Error && error.message === "away",
  });
  const ask = (name: string, key: string | null = null) => queue.ask({ name, key });
  const turn = async () => {
    for (let time = 0; time < 3; time += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, batches, alone, turn };
}

describe("A queue of writes", () => {
  it("takes the first at once, and what comes meanwhile together", async () => {
    const { ask, batches, turn } = openQueue();
    const first = Promise.all(["a", "b"].map((name) => ask(name)));
    await turn();
    // What is asked in one turn goes together too.
    expect(batches.map(({ names }) => names)).toEqual([["a", "b"]]);
    const later = Promise.all(["c", "d", "e"].map((name) => ask(name)));
    await turn();
    expect(batches).toHaveLength(1);
    batches[0]?.end();
    await turn();
    expect(batches[1]?.names).toEqual(["c", "d", "e"]);
    batches[1]?.end();
    expect(await Promise.all([first, later])).toEqual([
      ["a!", "b!"],
      ["c!", "d!", "e!"],
    ]);
  });

  it("keeps two with the same key apart, and the others with neither", async () => {
    const { ask, batches, turn } = openQueue({ lanes: 3 });
    const answers = Promise.all([ask("a", "x"), ask("b", "x"), ask("c", "y")]);
    await turn();
    expect(batches.map(({ names }) => names)).toEqual([["a", "c"]]);
    batches[0]?.end();
    await turn();
    expect(batches[1]?.names).toEqual(["b"]);
    for (const batch of batches) batch.end();
    expect(await answers).toEqual(["a!", "b!", "c!"]);
  });

  it("lets what somebody is in the way of wait beside the lanes", async () => {
    const { ask, batches, alone, turn } = openQueue({ busy: new Set(["b"]) });
    const answers = Promise.all(["a", "b", "c"].map((name) => ask(name)));
    await turn();
    batches[0]?.end();
    expect(await answers).toEqual(["a!", "b alone", "c!"]);
    expect(alone).toEqual(["b"]);
  });

  it("fails only what is bad of a batch", async () => {
    const { ask, batches, turn } = openQueue({ bad: new Set(["b"]) });
    const settled = Promise.allSettled(["a", "b", "c"].map((name) => ask(name)));
    await turn();
    batches[0]?.end();
    const [first, second, third] = await settled;
    expect([first, third]).toMatchObject([{ value: "a alone" }, { value: "c alone" }]);
    expect(second).toMatchObject({ reason: new Error("b is bad") });
  });

  it("answers everyone once, whatever is asked, is in the way, and is bad", async () => {
    const asked = fc.record({
      key: fc.constantFrom(null, "x", "y", "z"),
      fate: fc.constantFrom("well", "well", "busy", "bad"),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        async (all, lanes) => {
          const named = all.map((one, place) => ({ ...one, name: `${one.fate}${place}` }));
          const running = new Set<string>();
          const queue = createWriteQueue<Asked, string>({
            lanes,
            most: 4,
            keyOf: ({ key }) => key,
            async carryOut(batch) {
              for (const { key } of batch) {
                if (key === null) continue;
                expect(running.has(key)).toBe(false);
                running.add(key);
              }
              await new Promise((resolve) => setImmediate(resolve));
              for (const { key } of batch) if (key !== null) running.delete(key);
              if (batch.some(({ name }) => name.startsWith("bad"))) throw new Error("bad");
              return batch.map(({ name }) => (name.startsWith("busy") ? inTheWay : { answer: name }));
            },
            async carryOutAlone({ name }) {
              if (name.startsWith("bad")) throw new Error(name);
              return { answer: name };
            },
            isOutage: () => false,
          });
          const settled = await Promise.allSettled(named.map(({ key, name }) => queue.ask({ key, name })));
          for (const [place, outcome] of settled.entries()) {
            const isBad = named[place]?.fate === "bad";
            expect(outcome.status).toBe(isBad ? "rejected" : "fulfilled");
            if (outcome.status === "fulfilled") expect(outcome.value).toBe(named[place]?.name);
          }
        },
      ),
    );
  });
});
