import {
  type EventDraft,
  errorCodes,
  type Job,
  type JobChange,
  type JobFilter,
  type Lead,
  type LeadFilter,
  leadSortKeys,
  type Store,
  type StoredRow,
  suppressionKinds,
} from "@cmo/engine";
import { buildLead, buildNewJob, queuedDraft } from "@cmo/engine/testing";
import fc from "fast-check";

/** Something that is done to a store. */
export type StoreAction =
  | { kind: "create"; id: string; tenant: string; priority: number; notBefore: number; keepUntil: number }
  | { kind: "update"; id: string; change: JobChange; refuse: boolean }
  | { kind: "claim"; id: string | undefined; leaseMs: number }
  | { kind: "list"; filter: JobFilter }
  | { kind: "read"; id: string; after: number; limit: number }
  | { kind: "leads"; id: string; filter: LeadFilter }
  | { kind: "memory"; id: string; after: string | null; limit: number; since: number }
  | {
      kind: "people";
      hashes: string[];
      suppression: (typeof suppressionKinds)[number];
      add: boolean;
      at: string;
    }
  | { kind: "shared"; name: string; text: string | null }
  | { kind: "files"; path: string; id: string; forget: boolean }
  | { kind: "erase"; texts: string[]; keep: string; mark: number }
  | { kind: "erase jobs"; jobIds: string[] }
  | { kind: "expire"; firstSeen: number | null; notes: number | null };

/** What an action gives, or the code of what it throws. */
export async function outcomeOf(store: Store, action: StoreAction): Promise<unknown> {
  try {
    return plain(await perform(store, action));
  } catch (error) {
    return error instanceof Error && "code" in error ? { code: error.code } : { error };
  }
}

const ids = ["a", "b", "c", "d"];
const start = Date.parse("2030-01-01T00:00:00.000Z");
const statuses = ["queued", "running", "paused", "completed", "failed", "cancelled"] as const;
const words = ["ada", "Bob", "Éva", "zoë", "😀", "aDA-x", "～"];
const anyId = fc.constantFrom(...ids);
const anyText = fc.string({ unit: "binary", maxLength: 8 });
/** For columns that hold text as it is, which SQLite ends at the first NUL; the engine makes what goes into them. */
const anyWord = fc.string({ maxLength: 8 });
const anyName = fc.constantFrom(...words);
const anyTime = fc.integer({ min: 0, max: 2_000 }).map((ms) => start + ms);
const anyDraft: fc.Arbitrary<EventDraft> = fc.oneof(
  fc
    .oneof(anyText, anyName)
    .map((message): EventDraft => ({ type: "log", data: { level: "info", code: "test", message } })),
  fc.integer().map((value): EventDraft => ({ type: "metrics", data: { metrics: { value } } })),
);
const anyLead: fc.Arbitrary<Lead> = fc
  .record({
    rank: fc.integer({ min: 1, max: 5 }),
    contactable: fc.boolean(),
    score: fc.constantFrom(0, 1.5, 60),
    login: anyName,
    name: fc.option(anyName),
    email: fc.option(anyName),
    bio: fc.option(anyWord),
    followers: fc.integer({ min: -1, max: 2 }),
  })
  .map(buildLead);
const anyKey = fc.constantFrom("1", "2", "a", "A", "é", "～", "😀");
const anyChange: fc.Arbitrary<JobChange> = fc.record(
  {
    patch: fc.record(
      {
        status: fc.constantFrom(...statuses),
        desired: fc.constantFrom("paused" as const, "cancelled" as const, null),
        priority: fc.integer({ min: -2, max: 2 }),
        notBefore: fc.constantFrom(0, start, start + 400),
        attemptOpen: fc.boolean(),
        error: fc.option(
          fc.record({ code: fc.constantFrom(...errorCodes), message: anyText, hint: fc.option(anyText) }),
        ),
        leaseUntil: fc.option(anyTime),
        finishedAt: fc.option(anyTime),
        leaseOwner: fc.option(anyWord),
        keepUntil: anyTime,
      },
      { requiredKeys: [] },
    ),
    events: fc.array(anyDraft, { maxLength: 40 }),
    taskResults: fc.array(
      fc.record({
        kind: fc.constantFrom("people", "activity"),
        itemId: fc.constantFrom("1", "2", "3", "ada"),
        inputDigest: anyWord,
        value: fc.oneof(anyName, fc.jsonValue()).map((value) => JSON.stringify(value)),
        cacheKey: fc.option(fc.constantFrom("x", "y"), { nil: null }),
        fetchedAt: anyTime,
      }),
      { maxLength: 3 },
    ),
    clearLeads: fc.boolean(),
    leads: fc.array(anyLead, { maxLength: 5 }),
    records: fc.array(
      fc.record({
        collection: fc.constantFrom("one", "two"),
        key: anyKey,
        value: fc.option(anyWord.map((value) => JSON.stringify(value))),
      }),
      { maxLength: 6 },
    ),
    checkpoint: fc.option(anyWord.map((value) => JSON.stringify(value))),
    notes: fc.array(fc.record({ key: anyKey, value: anyName }), { maxLength: 3 }),
    exportedAs: fc.constantFrom("campaign", "other"),
  },
  { requiredKeys: [] },
);
const anyFilter: fc.Arbitrary<LeadFilter> = fc
  .record(
    {
      contactable: fc.boolean(),
      minScore: fc.constantFrom(0, 1.5, 2),
      search: fc.constantFrom("", "a", "ADA", "é", "É", "-"),
      afterRank: fc.integer({ min: -1, max: 4 }),
      skip: fc.integer({ min: 0, max: 4 }),
      sort: fc.record({ by: fc.constantFrom(...leadSortKeys), descending: fc.boolean() }),
    },
    { requiredKeys: [] },
  )
  .chain((filter) => fc.integer({ min: 1, max: 9 }).map((limit) => ({ ...filter, limit })));

const anyOf = <K extends StoreAction["kind"], T>(weight: number, kind: K, fields: fc.Arbitrary<T>) => ({
  weight,
  arbitrary: fields.map((values) => ({ kind, ...values })),
});

/** Any action, or a time that passes, or a store that is closed and opened again. */
export const anyAction: fc.Arbitrary<StoreAction | { kind: "wait"; ms: number } | { kind: "reopen" }> =
  fc.oneof(
    anyOf(
      4,
      "create",
      fc.record({
        id: anyId,
        priority: fc.integer({ min: -2, max: 2 }),
        tenant: fc.constantFrom("local", "acme"),
        notBefore: fc.constantFrom(0, start, start + 400),
        keepUntil: anyTime,
      }),
    ),
    anyOf(8, "update", fc.record({ id: anyId, change: anyChange, refuse: fc.boolean() })),
    anyOf(
      4,
      "claim",
      fc.record({ id: fc.option(anyId, { nil: undefined }), leaseMs: fc.integer({ min: 0, max: 1_000 }) }),
    ),
    anyOf(
      3,
      "list",
      fc.record({
        filter: fc
          .record(
            {
              tenant: fc.constantFrom("local", "acme", "nobody"),
              status: fc.array(fc.constantFrom(...statuses)),
              after: anyId,
              expiredAt: anyTime,
            },
            { requiredKeys: [] },
          )
          .chain((filter) => fc.integer({ min: 1, max: 4 }).map((limit) => ({ ...filter, limit }))),
      }),
    ),
    anyOf(
      3,
      "read",
      fc.record({
        id: anyId,
        after: fc.integer({ min: -1, max: 60 }),
        limit: fc.integer({ min: 1, max: 50 }),
      }),
    ),
    anyOf(4, "leads", fc.record({ id: anyId, filter: anyFilter })),
    anyOf(
      3,
      "memory",
      fc.record({
        id: anyId,
        after: fc.option(anyKey),
        limit: fc.integer({ min: 1, max: 5 }),
        since: anyTime,
      }),
    ),
    anyOf(
      1,
      "people",
      fc.record({
        hashes: fc.array(fc.constantFrom("1", "2", "3", "4")),
        suppression: fc.constantFrom(...suppressionKinds),
        add: fc.boolean(),
        at: fc.constantFrom("2030-01-01T00:00:00.000Z", "2030-01-02T00:00:00.000Z"),
      }),
    ),
    anyOf(1, "shared", fc.record({ name: fc.constantFrom("x", "y"), text: fc.option(anyWord) })),
    anyOf(
      1,
      "files",
      fc.record({ path: fc.constantFrom("/1", "/2", "/3"), id: anyId, forget: fc.boolean() }),
    ),
    anyOf(
      2,
      "erase",
      fc.record({
        texts: fc.array(fc.constantFrom("ada", "ADA-X", "bob", "2"), { maxLength: 2 }),
        keep: fc.constantFrom("event", "lead", "none"),
        mark: fc.integer({ min: 0 }),
      }),
    ),
    anyOf(1, "erase jobs", fc.record({ jobIds: fc.array(anyId, { maxLength: 2 }) })),
    anyOf(1, "expire", fc.record({ firstSeen: fc.option(anyTime), notes: fc.option(anyTime) })),
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 900 }) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "reopen" as const }) },
  );

async function perform(store: Store, action: StoreAction): Promise<unknown> {
  switch (action.kind) {
    case "create": {
      const { kind: _, ...fields } = action;
      // The parents of a job are older than it is.
      const parentJobId = ids[ids.indexOf(action.id) - 1] ?? null;
      return store.createJob(buildNewJob({ ...fields, parentJobId }), [queuedDraft]);
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
    case "list":
      return [
        await store.listJobs(action.filter),
        await store.readQueue(),
        await store.readLastExport("campaign", start + 400),
        await store.readLastExport("other", Number.MAX_SAFE_INTEGER),
      ];
    case "read":
      return [
        await store.readJob(action.id),
        await store.readEvents(action.id, action.after, action.limit),
        await store.readTaskResults(action.id, "people", ["1", "2", "3"]),
        await store.readTaskResults(action.id, "activity", ["3", "1", "1", "ada"]),
      ];
    case "leads": {
      const { limit: _, skip, afterRank, sort, ...selection } = action.filter;
      return [await store.readLeads(action.id, action.filter), await store.countLeads(action.id, selection)];
    }
    case "memory": {
      const { id, after, limit, since } = action;
      // Of two that were given at the same time, any may come.
      const cached = [...(await store.readCached(["x", "y", "z"], since))];
      return [
        cached.map(([key, { cacheKey, fetchedAt }]) => `${key} ${cacheKey} ${fetchedAt}`).sort(),
        await store.readNotes(["1", "a", "A", "none"]),
        await store.readCheckpoint(id),
        await store.readRecords(id, "one", ["1", "a", "none"]),
        await store.scanRecords(id, "one", after, limit),
        await store.scanRecords(id, "two", null, limit),
      ];
    }
    case "people": {
      const { hashes, add, at, suppression } = action;
      const entries = hashes.map((hash) => ({ kind: suppression, hash }));
      await (add ? store.addSuppressed(entries) : store.removeSuppressed(hashes));
      await store.noteFirstSeen("campaign", new Map(hashes.map((hash) => [hash, at])), start + hashes.length);
      return [
        await store.findSuppressed(["1", "2", "3"]),
        await store.listSuppressed({ after: "1", limit: 2 }),
        await store.listSuppressed({ limit: 9 }),
        await store.readFirstSeen("campaign", [...hashes, "U_ada", "U_bob"]),
      ];
    }
    case "shared": {
      const seen: unknown[] = [];
      return [
        await store.updateShared(action.name, (text, now) => {
          seen.push(text, now);
          return action.text;
        }),
        seen,
      ];
    }
    case "files": {
      const { path, id, forget } = action;
      await (forget ? store.forgetFiles([path]) : store.noteFiles([{ path, jobId: id, format: "csv" }]));
      return [await store.readFiles(null), await store.readFiles("a")];
    }
    case "erase": {
      const edit = (row: StoredRow) => {
        if (row.table === action.keep) return undefined;
        if (row.table === "snapshot") return { value: row.value };
        if (row.table === "event" || row.value.length % 2 === 0) return null;
        if (row.table === "lead") {
          return { value: JSON.stringify({ ...JSON.parse(row.value), login: "gone", bio: null, score: 3 }) };
        }
        return { key: `${row.key}~${action.mark}`, value: `"gone"` };
      };
      const before = await allRows(store, action.texts);
      const changed = await store.eraseRows(action.texts, edit, () => ({ checkpoint: null }));
      const pending = await store.listErasures(2);
      const state = await store.finishErasures();
      return [
        before,
        [...changed].sort(),
        pending,
        state,
        await store.listErasures(2),
        await allRows(store, [""]),
      ];
    }
    case "erase jobs":
      await store.eraseJobs(action.jobIds, "job");
      return store.listErasures(3);
    case "expire":
      return [
        await store.eraseExpired({
          firstSeen: action.firstSeen,
          notes: 0,
          campaigns: (one) => one === "other",
        }),
        await store.eraseExpired({ firstSeen: action.firstSeen, notes: action.notes }),
      ];
    default:
      return action satisfies never;
  }
}

/** Rows in no order: stores go through their tables in their own. */
async function allRows(store: Store, texts: readonly string[]): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const row of store.findRows(texts)) rows.push(JSON.stringify(row, Object.keys(row).sort()));
  return rows.sort();
}

/** Maps and sets compared without regard to their order, the rest as it is. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].sort());
  if (value instanceof Set) return [...value].sort();
  if (Array.isArray(value)) return value.map(plain);
  return value;
}
