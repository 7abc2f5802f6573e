import type { Snapshot } from "../job/job.ts";
import type { Clock } from "../port/clock.ts";
import type { JobChange } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import type { ErasureScope, StoredRow } from "../port/stored-people.ts";
import { deepFreeze } from "../spec/deep-freeze.ts";
import { asciiLowerCase } from "./ascii-lower-case.ts";
import type { JobRecord, MemoryState } from "./memory-state.ts";

type EraseMethods = Pick<
  Store,
  "findRows" | "eraseRows" | "eraseJobs" | "eraseExpired" | "finishErasures" | "listErasures"
>;

/** A row, and how another value (null: none) and another key come into its place. */
interface OpenRow {
  readonly row: StoredRow;
  put(value: string | null, key: string): void;
}

/** How a store in memory finds what it holds about people, and forgets it. */
export function memoryErase(state: MemoryState, clock: Pick<Clock, "now">): EraseMethods {
  const { notes, firstSeen, erasures } = state;

  function noteErasure(scope: ErasureScope): void {
    erasures.unshift(Object.freeze({ scope, at: clock.now(), state: "pending" }));
  }

  return {
    async *findRows(texts) {
      for (const { row } of [...rowsWith(state, texts)]) yield row;
    },
    async eraseRows(texts, edit, decide) {
      // All that may throw comes first: then everything is written, or nothing.
      const now = clock.now();
      const changes = new Map<JobRecord, JobChange>();
      for (const record of state.unfinished()) changes.set(record, decide(record.job, now));
      const edits = [...rowsWith(state, texts, changes)].flatMap((open) => {
        const edited = edit(open.row);
        return edited === undefined ? [] : [{ ...open, edited }];
      });
      for (const [record, change] of changes) state.write(record, change, now);
      const changed = new Set<string>();
      for (const { row, put, edited } of edits) {
        put(edited?.value ?? null, edited?.key ?? row.key);
        if (row.jobId !== null) changed.add(row.jobId);
      }
      noteErasure("person");
      return [...changed];
    },
    async eraseJobs(jobIds, scope) {
      state.remove(jobIds, clock.now());
      noteErasure(scope);
    },
    async eraseExpired(before) {
      let count = 0;
      const expire = <T>(entries: Map<string, T>, timeOf: (entry: T) => number, time: number | null) => {
        for (const [key, entry] of entries) {
          if (timeOf(entry) < (time ?? Infinity) && entries.delete(key)) count += 1;
        }
      };
      expire(notes, (note) => note.at, before.notes);
      for (const [campaign, seen] of firstSeen) {
        if (before.campaigns?.(campaign) ?? true) expire(seen, (one) => one.keepUntil, before.firstSeen);
      }
      return count;
    },
    async finishErasures() {
      for (const [index, erasure] of erasures.entries())
        erasures[index] = Object.freeze({ ...erasure, state: "done" });
      return "done";
    },
    listErasures: async (limit) => erasures.slice(0, limit),
  };
}

/** Rows that hold one of the texts; snapshots as they are once `changes` are written. */
function* rowsWith(
  state: MemoryState,
  texts: readonly string[],
  changes: ReadonlyMap<JobRecord, JobChange> = new Map(),
): Generator<OpenRow> {
  const wanted = texts.map(asciiLowerCase);
  for (const open of rowsOf(state, changes)) {
    const held = asciiLowerCase(`${open.row.key}\n${open.row.value}`);
    if (wanted.some((text) => held.includes(text))) yield open;
  }
}

function* rowsOf(
  { jobs, notes, firstSeen, taskKey }: MemoryState,
  changes: ReadonlyMap<JobRecord, JobChange>,
): Generator<OpenRow> {
  for (const record of jobs.values()) {
    yield* rowsOfJob(record, taskKey, changes.get(record)?.patch?.snapshot ?? record.job.snapshot);
  }
  for (const [key, { value, at }] of notes) {
    yield {
      row: { ...ofNoJob, table: "note", key, value },
      put: (next) => void (next === null ? notes.delete(key) : notes.set(key, { value: next, at })),
    };
  }
  for (const [kind, seen] of firstSeen) {
    for (const [key, noted] of seen) {
      yield {
        row: { ...ofNoJob, table: "first_seen", kind, key, value: noted.at },
        put: (next) => void (next === null ? seen.delete(key) : seen.set(key, { ...noted, at: next })),
      };
    }
  }
}

function* rowsOfJob(
  record: JobRecord,
  taskKey: MemoryState["taskKey"],
  snapshot: Snapshot,
): Generator<OpenRow> {
  const ofJob = { ...ofNoJob, jobId: record.job.id, tenant: record.job.tenant };
  for (const [place, result] of record.taskResults) {
    const { kind, itemId, value, fetchedAt } = result;
    yield {
      row: { ...ofJob, table: "task_result", kind, key: itemId, value, fetchedAt },
      put(next, key) {
        record.taskResults.delete(place);
        if (next === null) return;
        const edited = { ...result, itemId: key, value: next, cacheKey: null };
        record.taskResults.set(taskKey(kind, key), Object.freeze(edited));
      },
    };
  }
  for (const lead of record.leads) {
    yield {
      row: { ...ofJob, table: "lead", key: lead.nodeId, value: JSON.stringify(lead) },
      put(next) {
        const put = next === null ? [] : [deepFreeze(JSON.parse(next))];
        record.leads.splice(record.leads.indexOf(lead), 1, ...put);
      },
    };
  }
  for (const [index, event] of record.events.entries()) {
    yield {
      row: {
        ...ofJob,
        table: "event",
        kind: event.type,
        key: `${event.seq}`,
        value: JSON.stringify(event.data),
      },
      // A log has no gaps: an event that is taken out is an event that says nothing.
      put(next) {
        record.events[index] = deepFreeze({ ...event, data: JSON.parse(next ?? "{}") });
      },
    };
  }
  yield {
    row: { ...ofJob, table: "snapshot", value: JSON.stringify(snapshot) },
    put(next) {
      if (next !== null)
        record.job = Object.freeze({ ...record.job, snapshot: deepFreeze(JSON.parse(next)) });
    },
  };
}

const ofNoJob = { jobId: null, tenant: null, kind: "", key: "", fetchedAt: null } as const;
