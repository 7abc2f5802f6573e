import { join } from "node:path";
import {
  createMemoryStore,
  type EventDraft,
  type Job,
  type JobChange,
  type JobStatus,
  type Lead,
  type Store,
} from "@cmo/engine";
import { buildLead, buildNewJob, createFakeClock, queuedDraft } from "@cmo/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSqliteStore } from "../src/sqlite-store.ts";
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

type StoreAction =
  | { kind: "create"; id: string; priority: number; notBefore: number }
  | { kind: "update"; id: string; change: JobChange; refuse: boolean }
  | { kind: "claim"; id: string | undefined; leaseMs: number }
  | { kind: "list"; status: readonly JobStatus[] | undefined; after: string | undefined; limit: number }
  | { kind: "read"; id: string; after: number; limit: number; contactable: boolean | undefined }
  | { kind: "people"; hashes: string[]; add: boolean; at: string };

const ids = ["a", "b", "c", "d"];
const start = Date.parse("2030-01-01T00:00:00.000Z");
const statuses: JobStatus[] = ["queued", "running", "paused", "completed", "failed", "cancelled"];
const anyId = fc.constantFrom(...ids);
const anyText = fc.string({ unit: "binary", maxLength: 8 });
/** For columns that hold text as it is, which SQLite ends at the first NUL; the engine makes what goes into them. */
const anyWord = fc.string({ maxLength: 8 });
const anyDraft: fc.Arbitrary<EventDraft> = fc.oneof(
  anyText.map((message): EventDraft => ({ type: "log", data: { level: "info", code: "test", message } })),
  fc.integer().map((value): EventDraft => ({ type: "metrics", data: { metrics: { value } } })),
);
const anyLead: fc.Arbitrary<Lead> = fc
  .record({ rank: fc.integer({ min: 1, max: 5 }), contactable: fc.boolean(), bio: anyText })
  .map(buildLead);
const anyPatch = fc.record(
  {
    status: fc.constantFrom(...statuses),
    desired: fc.constantFrom("paused" as const, "cancelled" as const, null),
    priority: fc.integer({ min: -2, max: 2 }),
    notBefore: fc.constantFrom(0, start, start + 400),
    attemptOpen: fc.boolean(),
    error: fc.option(fc.record({ code: anyText, message: anyText, hint: fc.option(anyText) })),
    leaseUntil: fc.option(fc.integer({ min: 0, max: 2_000 }).map((ms) => start + ms)),
    leaseOwner: fc.option(anyWord),
  },
  { requiredKeys: [] },
);
const anyChange = fc.record(
  {
    patch: anyPatch,
    events: fc.array(anyDraft, { maxLength: 40 }),
    taskResults: fc.array(
      fc.record({
        kind: fc.constantFrom("people", "activity"),
        itemId: fc.constantFrom("1", "2", "3"),
        inputDigest: anyWord,
        value: fc.jsonValue().map((value) => JSON.stringify(value)),
      }),
      { maxLength: 3 },
    ),
    leads: fc.uniqueArray(anyLead, { selector: (lead) => lead.rank, maxLength: 5 }),
  },
  { requiredKeys: [] },
);
const anyAction: fc.Arbitrary<StoreAction | { kind: "wait"; ms: number } | { kind: "reopen" }> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("create" as const),
      id: anyId,
      priority: fc.integer({ min: -2, max: 2 }),
      notBefore: fc.constantFrom(0, start, start + 400),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("update" as const),
      id: anyId,
      change: anyChange as fc.Arbitrary<JobChange>,
      refuse: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("claim" as const),
      id: fc.option(anyId, { nil: undefined }),
      leaseMs: fc.integer({ min: 0, max: 1_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("list" as const),
      status: fc.option(fc.array(fc.constantFrom(...statuses)), { nil: undefined }),
      after: fc.option(anyId, { nil: undefined }),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      id: anyId,
      after: fc.integer({ min: -1, max: 60 }),
      limit: fc.integer({ min: 1, max: 50 }),
      contactable: fc.option(fc.boolean(), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("people" as const),
      hashes: fc.array(fc.constantFrom("1", "2", "3", "4")),
      add: fc.boolean(),
      at: fc.constantFrom("2030-01-01T00:00:00.000Z", "2030-01-02T00:00:00.000Z"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 900 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "reopen" as const }) },
);

/** What an action gives, or the code of what it throws, and the whole job as it is afterwards. */
async function outcomeOf(store: Store, action: StoreAction): Promise<unknown> {
  try {
    return plain(await perform(store, action));
  } catch (error) {
    return error instanceof Error && "code" in error ? { code: error.code } : { error };
  }
}

async function perform(store: Store, action: StoreAction): Promise<unknown> {
  switch (action.kind) {
    case "create": {
      const { id, priority, notBefore } = action;
      // The parents of a job are older than it is.
      const parentJobId = ids[ids.indexOf(id) - 1] ?? null;
      return store.createJob(buildNewJob({ id, priority, notBefore, parentJobId }), [queuedDraft]);
    }
    case "update": {
      const decide = (job: Job, now: number): JobChange => {
        if (action.refuse && job.lastSeq % 2 === 0) throw new Error(`not at ${now}`);
        return action.change;
      };
      return [await store.updateJob(action.id, decide), await store.readJob(action.id)];
    }
    case "claim":
      return store.claimNext(action.id === undefined ? {} : { jobId: action.id }, (job, now) => ({
        patch: { status: "running", epoch: job.epoch + 1, leaseUntil: now + action.leaseMs },
        events: [{ type: "job.started", data: { attempt: job.epoch + 1 } }],
      }));
    case "list": {
      const { status, after, limit } = action;
      return store.listJobs({
        limit,
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { after }),
      });
    }
    case "read": {
      const { id, after, limit, contactable } = action;
      const filter = { afterRank: after, limit, ...(contactable === undefined ? {} : { contactable }) };
      return [
        await store.readJob(id),
        await store.readEvents(id, after, limit),
        await store.readLeads(id, filter),
        await store.readTaskResults(id, "people", ["1", "2", "3"]),
        await store.readTaskResults(id, "activity", ["3", "1", "1"]),
      ];
    }
    case "people": {
      const { hashes, add, at } = action;
      await (add ? store.addSuppressed(hashes) : store.removeSuppressed(hashes));
      await store.noteFirstSeen("campaign", new Map(hashes.map((hash) => [hash, at])));
      return [await store.findSuppressed(["1", "2", "3"]), await store.readFirstSeen("campaign", hashes)];
    }
    default:
      return action satisfies never;
  }
}

/** Maps and sets compared without regard to their order, the rest as it is. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].sort());
  if (value instanceof Set) return [...value].sort();
  if (Array.isArray(value)) return value.map(plain);
  return value;
}
