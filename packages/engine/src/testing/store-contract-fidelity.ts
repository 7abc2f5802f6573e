import { describe, expect, it } from "vitest";
import type { EventDraft } from "../event/event-draft.ts";
import type { Job } from "../job/job.ts";
import { buildSpec } from "./build-campaign.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";
import type { StoreUnderTest } from "./store-contract.ts";

/** That a store gives back what it was given, and that nobody changes it from outside. */
export function describeFidelity(open: () => Promise<StoreUnderTest>): void {
  describe("fidelity", () => {
    it("S32 gives back every text, number and shape in events as JSON has it", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ events: [draftOf(awkward)] }));
      const [event] = await store.readEvents("a", 1, 1);
      expect(event?.data).toEqual({ level: "info", code: "test", message: "m", awkward });
      expect(JSON.stringify(event?.data.awkward)).toBe(JSON.stringify(awkward));
    });

    it("gives back task results as the very text that was stored", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const values = [
        JSON.stringify(awkward),
        '{ "b" : 1,\n "a": 1.0 }',
        "12345678901234567890",
        '"\\ud800"',
        "null",
        `"${"x".repeat(300_000)}"`,
      ];
      const results = values.map((value, index) => ({
        kind: "k",
        itemId: `${index}`,
        inputDigest: "d",
        value,
      }));
      await store.updateJob("a", () => ({ taskResults: results }));
      const found = await store.readTaskResults(
        "a",
        "k",
        results.map((one) => one.itemId),
      );
      expect(results.map((one) => found.get(one.itemId)?.value)).toEqual(values);
    });

    it("gives back leads, specs, errors and folds as they were", async () => {
      const { store } = await open();
      const text = awkward.texts.join("");
      const lead = buildLead({ name: text, bio: text, score: 0.1 + 0.2, followers: Number.MAX_SAFE_INTEGER });
      const spec = buildSpec({ goal: text, purpose: null, targetLeads: 100_000 });
      const job = buildNewJob({ id: "a", spec, error: { code: "internal", message: text, hint: null } });
      const { summary, progress } = job.snapshot;
      const snapshot: Job["snapshot"] = {
        seq: 1,
        progress: { ...progress, currentItem: text, metrics: { a: 1e21, gauge_b: -0.5 } },
        summary: { ...summary, goal: text, icp: { awkward } },
      };
      await store.createJob({ ...job, snapshot }, [queuedDraft]);
      await store.updateJob("a", () => ({ leads: [lead] }));
      expect(await store.readJob("a")).toMatchObject({ ...job, snapshot });
      expect(await store.readLeads("a", { afterRank: 0, limit: 1 })).toEqual([lead]);
    });

    it("is not changed through what was passed in", async () => {
      const { store } = await open();
      const job = structure(buildNewJob({ id: "a" }));
      const first = structure(queuedDraft);
      await store.createJob(job, [first]);
      const stored = structure(await store.readJob("a"));
      const change = {
        patch: { snapshot: structure(job.snapshot) },
        events: [structure(draftOf({ deep: [1] }))],
        leads: [structure(buildLead())],
        taskResults: [{ kind: "k", itemId: "1", inputDigest: "d", value: "1" }],
      };
      await store.updateJob("a", () => change);
      for (const value of [job, first, change]) overwrite(value);
      expect(await store.readJob("a")).toEqual({ ...stored, lastSeq: 2 });
      expect(await store.readEvents("a", 0, 9)).toMatchObject([queuedDraft, draftOf({ deep: [1] })]);
      expect(await store.readLeads("a", { afterRank: 0, limit: 9 })).toEqual([buildLead()]);
      expect((await store.readTaskResults("a", "k", ["1"])).get("1")?.value).toBe("1");
    });

    it("is not changed through what it gave", async () => {
      const { store } = await open();
      const created = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const written = await store.updateJob("a", () => ({
        events: [draftOf({ deep: [1] })],
        leads: [buildLead()],
        taskResults: [{ kind: "k", itemId: "1", inputDigest: "d", value: "1" }],
      }));
      const read = async () => ({
        job: await store.readJob("a"),
        events: await store.readEvents("a", 0, 9),
        leads: await store.readLeads("a", { afterRank: 0, limit: 9 }),
        results: [...(await store.readTaskResults("a", "k", ["1"])).values()],
        listed: await store.listJobs({ limit: 9 }),
      });
      const before = structure(await read());
      for (const value of [created, written, await read()]) overwrite(value);
      await store.updateJob("a", (job) => {
        overwrite(job);
        return {};
      });
      expect(await read()).toEqual(before);
    });
  });
}

const awkward = {
  texts: [
    "",
    " leading and trailing ",
    'quotes " and \\ backslashes and \r\n line ends \t',
    "\u0000\u0001\u001f\u007f control characters",
    "漢字 עברית \u202e bidi \u2028\u2029 é e\u0301 👩‍💻",
    "a lone \ud800 surrogate, and another \udfff",
    "'; DROP TABLE jobs; -- ? $1 :name",
  ],
  numbers: [0, -1, 0.1, 1e21, 5e-324, 1.7976931348623157e308, Number.MAX_SAFE_INTEGER, 2 ** 53],
  others: [null, true, false, [], {}, [[[]]]],
  keys: { "": 1, "a.b": 2, "a b": 3, $ref: 4, constructor: 5, "1": 6, "0": 7 },
};

function draftOf(value: unknown): EventDraft {
  return { type: "log", data: { level: "info", code: "test", message: "m", awkward: value } };
}

/** A deep copy that may be written to. */
function structure<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Overwrites whatever can be overwritten; what is frozen stays. */
function overwrite(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    overwrite(inner);
    Reflect.set(value, key, typeof inner === "object" ? null : "overwritten");
  }
}
