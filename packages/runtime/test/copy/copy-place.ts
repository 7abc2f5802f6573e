import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isReadable,
  type JobPart,
  type Lead,
  type Store,
  type StorePart,
  type StoreTransfer,
  type TransferHead,
  type TransferPage,
  type TransferRow,
} from "@cmo/engine";
import {
  buildLead,
  buildNewJob,
  createFakeClock,
  type FakeClock,
  playStoreModel,
  queuedDraft,
  seededRandom,
} from "@cmo/engine/testing";
import { newSchema, type PostgresServer } from "@cmo/postgres";
import { createPostgresStore, openPostgresTransfer } from "@cmo/store-postgres";
import { createSqliteStore, openSqliteTransfer } from "@cmo/store-sqlite";
import { onTestFinished } from "vitest";
import { type CopyStoreOptions, copyStore } from "../../src/copy/copy-store.ts";
import type { StoreEnd } from "../../src/copy/store-end.ts";
import { createNodeHost, type Host } from "../../src/host/host.ts";
import { createRuntime } from "../../src/runtime/create-runtime.ts";

/** Stores for tests of copies, all by one clock that stands still. */
export interface CopyPlace {
  readonly clock: FakeClock;
  readonly host: Host;
  sqlite(): Promise<StoreEnd>;
  postgres(): Promise<StoreEnd>;
  copy(from: StoreEnd, to: StoreEnd, options?: Partial<CopyStoreOptions>): ReturnType<typeof copyStore>;
}

/** A {@link CopyPlace} of the test that runs. */
export function openCopyPlace(server: () => PostgresServer): CopyPlace {
  const clock = createFakeClock();
  // Whoever waits lets time pass.
  const waking = { now: () => clock.now(), sleep: (ms: number) => clock.advance(ms) };
  const host: Host = Object.create(createNodeHost(), { clock: { value: waking }, env: { value: {} } });
  const keep = (end: StoreEnd) => {
    onTestFinished(async () => {
      await end.store.close();
      await end.transfer.close();
    });
    return end;
  };
  return {
    clock,
    host,
    async sqlite() {
      const folder = await mkdtemp(join(tmpdir(), "cmo-copy-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const path = join(folder, "store.db");
      return keep({
        name: path,
        store: await createSqliteStore({ path, clock }),
        transfer: await openSqliteTransfer({ path, clock }),
      });
    },
    async postgres() {
      const { url } = server();
      const schema = newSchema();
      return keep({
        name: `postgres:${schema}`,
        store: await createPostgresStore({ url, schema, clock, connections: 3 }),
        transfer: await openPostgresTransfer({ url, schema, clock }),
      });
    },
    copy(from, to, options = {}) {
      const { engine } = createRuntime({ host, store: from.store });
      const pause = (jobId: string) => engine.pause(jobId);
      return copyStore({ from, to, host, pause, ...options });
    },
  };
}

/** What may stand in any text of a store: PostgreSQL has none with a zero character. */
export interface Filling {
  readonly play: number;
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/**
 * Fills a store by chance: jobs as workers and control leave them (`playStoreModel`), and everything else that a store
 * keeps with these texts and numbers. Nobody holds a job any more, and none is being cancelled.
 */
export async function fillStore({ store }: StoreEnd, clock: FakeClock, filling: Filling): Promise<void> {
  const { play, texts, numbers } = filling;
  const random = seededRandom(play);
  const pick = <T>(list: readonly T[], other: T) => list[Math.floor(random() * list.length)] ?? other;
  const text = () => pick(texts, "text");
  await playStoreModel({ store, clock }, random, 60);
  await clock.advance(5_000);
  await store.createJob(buildNewJob({ id: "always", status: "completed" }), [queuedDraft]);
  for (const { id, desired } of (await store.listJobs({ limit: 1_000 })).filter(isReadable)) {
    await store.updateJob(id, () => ({
      ...(desired === "cancelled" ? { patch: { desired: null } } : {}),
      leads: texts.map((name, index) => leadOf(index, name, pick(numbers, 1))),
      records: texts.map((key) => ({ collection: text(), key, value: JSON.stringify(text()) })),
      taskResults: texts.map((itemId) => ({
        kind: text(),
        itemId,
        inputDigest: "d",
        value: JSON.stringify(text()),
        cacheKey: pick([text(), null], null),
        fetchedAt: Math.floor(random() * 1e12),
      })),
      notes: texts.map((key) => ({ key, value: text() })),
    }));
    await store.noteFiles([{ jobId: id, path: `/exports/${id}`, format: "csv" }]);
  }
  await store.noteFirstSeen(text(), new Map(texts.map((id) => [id, "2029-01-01T00:00:00.000Z"])), 2e12);
  await store.updateShared("submissions 0a", () => text());
  await store.suppressionKey();
  await store.addSuppressed(texts.map((hash) => ({ kind: "login", hash: `h${hash}` })));
  await store.createJob(buildNewJob({ id: "gone" }), [queuedDraft]);
  await store.eraseJobs(["gone"], "job");
  await clock.advance(1);
  await store.eraseRows(
    ["nobody at all"],
    () => undefined,
    () => ({}),
  );
  await store.finishErasures();
}

function leadOf(index: number, name: string, score: number): Lead {
  return buildLead({ rank: (index >> 1) + 1, login: `p${index}`, name, bio: name, score });
}

/** Everything that a copy carries, in the order in which a store has it. */
export async function contentOf({ transfer }: StoreEnd) {
  const jobs: unknown[] = [];
  for (const { id, place } of await headsOf(transfer)) {
    const job = await transfer.job(id);
    const rows: Record<string, unknown> = {};
    for (const part of jobParts) rows[part] = await rowsOf((after) => transfer.read(part, place, after));
    jobs.push({ id, row: job?.row, spec: job?.spec, snapshot: job?.snapshot, rows });
  }
  const parts: Record<string, unknown> = {};
  for (const part of storeParts) parts[part] = await rowsOf((after) => transfer.read(part, null, after));
  return { key: await transfer.readSuppressionKey(), jobs, parts };
}

/** What the port tells of a store. */
export async function toldBy(store: Store) {
  const jobs = await store.listJobs({ limit: 1_000 });
  const told: unknown[] = [];
  for (const { id } of jobs) {
    told.push({
      events: await store.readEvents(id, 0, 10_000),
      byName: await store.readLeads(id, { limit: 1_000, sort: { by: "name", descending: true } }),
      byRank: await store.readLeads(id, { limit: 1_000 }),
      good: await store.countLeads(id, { minScore: 1, search: "a" }),
      checkpoint: await store.readCheckpoint(id),
    });
  }
  const page = { limit: 10_000 };
  return {
    jobs,
    told,
    suppressed: await store.listSuppressed(page),
    files: await store.readFiles(null),
    queue: await store.readQueue(),
    erasures: await store.listErasures(1_000),
  };
}

async function headsOf(transfer: StoreTransfer): Promise<readonly TransferHead[]> {
  return transfer.heads(0, 10_000);
}

async function rowsOf(read: (after: TransferRow | null) => ReturnType<StoreTransfer["read"]>) {
  const all: TransferRow[] = [];
  for (let after: TransferRow | null = null; ; ) {
    const { rows, next }: TransferPage = await read(after);
    all.push(...rows);
    if (next === null) return all;
    after = next;
  }
}

const jobParts: readonly JobPart[] = ["event", "task_result", "lead", "agent_record", "checkpoint"];
const storeParts: readonly StorePart[] = [
  "suppressed",
  "erasure",
  "first_seen",
  "exported_file",
  "source_note",
  "shared",
];
