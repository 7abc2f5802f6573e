import { createMemoryStore, type Store } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { mortalIterable } from "./mortal-iterable.ts";
import { mortalWriteFile } from "./mortal-port.ts";
import { mortalStore } from "./mortal-store.ts";
import { createMortality, type Mortality } from "./mortality.ts";

/** What a process has heard of when everything that can happen has happened. */
async function heard(work: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = "nothing";
  work.then(
    (value) => {
      outcome = value;
    },
    (error) => {
      outcome = error;
    },
  );
  await new Promise((resolve) => setImmediate(resolve));
  return outcome;
}

describe("createMortality", () => {
  it("lets nothing happen at the last effect when the process ends before it", async () => {
    const mortality = createMortality({ effect: 2, moment: "before" });
    const done: string[] = [];
    const act = (name: string) => mortality.effect(name, async () => done.push(name));
    expect(await heard(act("one"))).toBe(1);
    expect(await heard(act("two"))).toBe("nothing");
    expect(await heard(act("three"))).toBe("nothing");
    expect(done).toEqual(["one"]);
    expect(mortality.effects()).toEqual(["one", "two"]);
    await mortality.gone;
  });

  it("lets the last effect happen, and nobody hear of it, when the process ends after it", async () => {
    const mortality = createMortality({ effect: 1, moment: "after" });
    const done: string[] = [];
    expect(await heard(mortality.effect("one", async () => done.push("one")))).toBe("nothing");
    expect(done).toEqual(["one"]);
    expect(mortality.isGone()).toBe(true);
  });

  it("counts a failure as an effect too, and keeps from the dead what was on its way", async () => {
    const mortality = createMortality({ effect: 2, moment: "after" });
    let answer = () => {};
    const onItsWay = mortality.effect("http", () => new Promise<void>((resolve) => (answer = resolve)));
    const failing = mortality.effect("store.readJob", () => Promise.reject(new Error("broken")));
    expect(await heard(failing)).toBe("nothing");
    answer();
    expect(await heard(onItsWay)).toBe("nothing");
  });

  it("lets a process live that has no last effect", async () => {
    const mortality = createMortality();
    for (let effect = 0; effect < 5; effect += 1) await mortality.effect("clock.sleep", async () => {});
    await expect(mortality.effect("http", () => Promise.reject(new Error("reset")))).rejects.toThrow("reset");
    expect(mortality.isGone()).toBe(false);
    expect(mortality.effects()).toHaveLength(6);
  });
});

type Call = Exclude<keyof Store, "durable" | "onNews">;

/** How many parameters each call has; the compiler counts along. */
const parameterCounts: { readonly [K in Call]: Required<Parameters<Store[K]>>["length"] } = {
  now: 0,
  createJob: 3,
  readJob: 1,
  readStoredJob: 1,
  readConfigText: 1,
  readListedJob: 1,
  listJobs: 1,
  readQueue: 0,
  updateJob: 2,
  claimNext: 2,
  readEvents: 3,
  readLogRows: 3,
  readTaskResults: 3,
  scanTaskResults: 3,
  readCached: 2,
  readNotes: 1,
  readLeads: 2,
  countLeads: 2,
  readCheckpoint: 1,
  readRecords: 3,
  scanRecords: 4,
  readShared: 1,
  updateShared: 2,
  suppressionKey: 0,
  findSuppressed: 1,
  addSuppressed: 1,
  removeSuppressed: 1,
  listSuppressed: 1,
  readFirstSeen: 2,
  noteFirstSeen: 3,
  readLastExport: 2,
  noteFiles: 1,
  readFiles: 1,
  forgetFiles: 1,
  findRows: 1,
  eraseRows: 3,
  eraseJobs: 2,
  eraseExpired: 1,
  finishErasures: 0,
  listErasures: 1,
  close: 0,
};

describe("mortalStore", () => {
  it("makes an effect of each call, under its own name, with everything it was given", async () => {
    const store = createMemoryStore({ clock: { now: () => 0 }, random: () => 0.5 });
    for (const [name, count] of Object.entries(parameterCounts) as [Call, number][]) {
      const given: unknown[] = [];
      const recording = {
        ...store,
        [name](...parameters: unknown[]) {
          given.push(...parameters);
          return name === "findRows" ? rows() : Promise.resolve("answer");
        },
      };
      const mortality = createMortality();
      const member: unknown = mortalStore(recording, mortality)[name];
      if (typeof member !== "function") throw new Error(`${name} is no call`);
      const parameters = Array.from({ length: count }, (_, index) => `parameter ${index}`);
      const answer = member(...parameters);
      if (name === "findRows") for await (const row of answer) expect(row).toBe("row");
      else expect(await answer).toBe("answer");
      expect(given, name).toEqual(parameters);
      expect(mortality.effects()[0], name).toBe(`store.${name}`);
    }
  });

  it("is not heard ringing by a process that is gone", async () => {
    let ring = () => {};
    const store = createMemoryStore({ clock: { now: () => 0 }, random: () => 0.5 });
    const ringing = {
      ...store,
      onNews: (_jobId: string | null, bell: () => void) => {
        ring = bell;
        return () => {};
      },
    };
    const mortality = createMortality({ effect: 1, moment: "before" });
    let rung = 0;
    mortalStore(ringing, mortality).onNews(null, () => {
      rung += 1;
    });
    ring();
    void mortality.effect("http", async () => {});
    ring();
    expect(rung).toBe(1);
  });
});

describe("mortalIterable", () => {
  it("makes an effect of each step, and of the end", async () => {
    const mortality = createMortality();
    const rowsSeen: string[] = [];
    for await (const row of mortalIterable(rows(), "store.findRows", mortality)) rowsSeen.push(row);
    expect(rowsSeen).toEqual(["row", "row"]);
    expect(mortality.effects()).toEqual(["store.findRows", "store.findRows", "store.findRows"]);
  });

  it("ends for whoever stops in the middle, also when the process is gone", async () => {
    const ended: string[] = [];
    async function* source() {
      try {
        yield* ["a", "b"];
      } finally {
        ended.push("ended");
      }
    }
    for await (const _ of mortalIterable(source(), "file.piece", createMortality())) break;
    expect(ended).toEqual(["ended"]);
    const dead = createMortality({ effect: 1, moment: "before" });
    const iterator = mortalIterable(source(), "file.piece", dead)[Symbol.asyncIterator]();
    void iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  });
});

describe("mortalWriteFile", () => {
  it("lets a process end with a part of a file written", async () => {
    const written: string[] = [];
    const write = async (_path: string, pieces: AsyncIterable<string>) => {
      for await (const piece of pieces) written.push(piece);
      return { bytes: written.join("").length };
    };
    const mortality: Mortality = createMortality({ effect: 3, moment: "before" });
    expect(await heard(mortalWriteFile(write, mortality)("leads.csv", rows()))).toBe("nothing");
    expect(written).toEqual(["row"]);
    expect(mortality.effects()).toEqual(["file.write", "file.piece", "file.piece"]);
  });
});

async function* rows(): AsyncGenerator<string> {
  yield "row";
  yield "row";
}
