import { describe, expect, it } from "vitest";
import { chainEvents } from "../chain/chain-events.ts";
import { type LogProblem, verifyLog } from "../chain/verify-log.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { isCanonical } from "../event/is-canonical.ts";
import type { LogRow } from "../port/job-change.ts";
import type { Random } from "../port/random.ts";
import type { Store } from "../port/store.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { seededRandom } from "./seeded-random.ts";
import { everyDraft } from "./sink-contract.ts";
import { testDigest } from "./test-digest.ts";

/** A store of a database, and the hand of somebody who changes its rows behind its back. */
export interface TamperedStore {
  readonly store: Store;
  /** Runs a statement on the tables of the store; values stand for `?`. */
  tamper(sql: string, values: readonly (string | number | null)[]): Promise<void>;
  dispose(): Promise<void>;
}

/** How a database is put under the contract of the chain. */
export interface ChainContractOptions {
  /** A new, empty store; called once. */
  create(): Promise<TamperedStore>;
  /** How many different logs each kind of change is tried on. Default 15. */
  plays?: number;
}

/**
 * That whatever is changed in the rows of a log that stand in its chain is found, and told from what a version without a
 * chain has appended, as tests. A play that fails names its number, which gives the same play again.
 */
export function describeChainContract(name: string, { create, plays = 15 }: ChainContractOptions): void {
  describe(`${name} keeps a log in its chain`, () => {
    it("finds nothing wrong with any log, and names what a version without a chain has appended", async () => {
      await eachPlay(create, plays, async ({ store }, random) => {
        const { jobId, rows, isCovered } = await fillLog(store, random);
        const found = await verifyLog(store, testDigest, jobId);
        const canonical = rows.filter(isCanonicalRow);
        expect(found).toMatchObject({ problem: null, events: rows.length, canonical: canonical.length });
        expect(found.covered + found.uncovered.reduce((all, { count }) => all + count, 0)).toBe(
          canonical.length,
        );
        for (const { seq } of canonical) {
          const isNamed = found.uncovered.some(({ first, last }) => first <= seq && seq <= last);
          if (!isCovered(seq)) expect(isNamed, `${seq}`).toBe(true);
        }
      });
    });

    it("gives who checks a job what is stored of it, whatever it remembers", async () => {
      const { store, tamper, dispose } = await create();
      try {
        const { job } = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
        expect(await store.readStoredJob("a")).toEqual(job);
        const changed = { ...job.spec, name: "changed" };
        await tamper(`UPDATE job_spec SET spec = ? WHERE ${ofJob}`, [JSON.stringify(changed), "a"]);
        expect(await store.readStoredJob("a")).toEqual({ ...job, spec: changed });
        expect(await store.readStoredJob("b")).toBeNull();
      } finally {
        await dispose();
      }
    });

    it.each(Object.keys(tamperings))("finds %s, and names the place", async (kind) => {
      const tampering = tamperings[kind];
      let tried = 0;
      await eachPlay(create, plays, async ({ store, tamper }, random) => {
        const log = await fillLog(store, random);
        const place = await tampering?.(log, random, tamper);
        if (place === undefined || place === null) return;
        tried += 1;
        const { problem } = await verifyLog(store, testDigest, log.jobId);
        expect(problem, `${kind} at ${place}`).not.toBeNull();
        if (problem !== null) expectPlace(problem, place);
      });
      expect(tried).toBeGreaterThan(plays / 3);
    });
  });
}

type Tamper = TamperedStore["tamper"];

interface FilledLog {
  readonly jobId: string;
  readonly rows: readonly LogRow[];
  /** Whether a version that keeps the chain has appended it. */
  isCovered(seq: number): boolean;
}

/** Gives the event at which something is wrong then; null where the log has none that could be changed like that. */
type Tampering = (log: FilledLog, random: Random, tamper: Tamper) => Promise<number | null>;

const tamperings: Readonly<Record<string, Tampering>> = {
  "a changed character of an event's data": async (log, random, tamper) => {
    const row = oneOf(coveredRows(log), random);
    const at = Math.floor(random() * row.data.length);
    const other = row.data[at] === "7" ? "8" : "7";
    const data = `${row.data.slice(0, at)}${other}${row.data.slice(at + 1)}`;
    await tamper(`UPDATE event SET data = ? WHERE ${ofJob} AND seq = ?`, [data, log.jobId, row.seq]);
    return row.seq;
  },
  "data that say the same in other bytes": async (log, random, tamper) => {
    const row = oneOf(coveredRows(log), random);
    await tamper(`UPDATE event SET data = ? WHERE ${ofJob} AND seq = ?`, [
      `${row.data} `,
      log.jobId,
      row.seq,
    ]);
    return row.seq;
  },
  "another type": async (log, random, tamper) => {
    const row = oneOf(coveredRows(log), random);
    const type = row.type === "stage.started" ? "stage.completed" : "stage.started";
    await tamper(`UPDATE event SET type = ? WHERE ${ofJob} AND seq = ?`, [type, log.jobId, row.seq]);
    return row.seq;
  },
  "a type that nobody looks at": async (log, random, tamper) => {
    const row = oneOf(coveredRows(log), random);
    await tamper(`UPDATE event SET type = ? WHERE ${ofJob} AND seq = ?`, ["metrics", log.jobId, row.seq]);
    return row.seq;
  },
  "another time": async (log, random, tamper) => {
    const row = oneOf(coveredRows(log), random);
    await tamper(`UPDATE event SET at = at + 1 WHERE ${ofJob} AND seq = ?`, [log.jobId, row.seq]);
    return row.seq;
  },
  "another version": async (log, random, tamper) => {
    const row = oneOf(coveredRows(log), random);
    await tamper(`UPDATE event SET v = 2 WHERE ${ofJob} AND seq = ?`, [log.jobId, row.seq]);
    return row.seq;
  },
  "an event that stands somewhere else": async (log, random, tamper) => {
    const { seq } = oneOf(log.rows, random);
    await tamper(`UPDATE event SET seq = ? WHERE ${ofJob} AND seq = ?`, [
      log.rows.length + 5,
      log.jobId,
      seq,
    ]);
    return seq;
  },
  "two events in each other's place": async (log, random, tamper) => {
    const rows = coveredRows(log);
    const [one, other] = [oneOf(rows, random), oneOf(rows, random)];
    if (one.data === other.data || one.type === other.type) return null;
    const move = (from: number, to: number) =>
      tamper(`UPDATE event SET seq = ? WHERE ${ofJob} AND seq = ?`, [to, log.jobId, from]);
    await move(one.seq, 1_000_000);
    await move(other.seq, one.seq);
    await move(1_000_000, other.seq);
    return Math.min(one.seq, other.seq);
  },
  "an event that was taken out": async (log, random, tamper) => {
    const { seq } = oneOf(log.rows, random);
    await tamper(`DELETE FROM event WHERE ${ofJob} AND seq = ?`, [log.jobId, seq]);
    return seq;
  },
  "a log that was cut short": async (log, random, tamper) => {
    const { seq } = oneOf(log.rows, random);
    await tamper(`DELETE FROM event WHERE ${ofJob} AND seq >= ?`, [log.jobId, seq]);
    return seq;
  },
  "an event that was put in at the end": async (log, random, tamper) => {
    const last = log.rows.length;
    const { seq } = oneOf(log.rows, random);
    await tamper(
      `INSERT INTO event (job, seq, at, v, type, data) SELECT job, CAST(? AS bigint), at, v, type, data FROM event WHERE ${ofJob} AND seq = ?`,
      [last + 1, log.jobId, seq],
    );
    return last + 1;
  },
  "an event that was put in where others make room": async (log, random, tamper) => {
    const { seq } = oneOf(coveredRows(log), random);
    await tamper(`UPDATE event SET seq = -seq - 1 WHERE ${ofJob} AND seq >= ?`, [log.jobId, seq]);
    await tamper(`UPDATE event SET seq = -seq WHERE ${ofJob} AND seq < 0`, [log.jobId]);
    await tamper(
      `INSERT INTO event (job, seq, at, v, type, data) SELECT job, seq - 1, at, v, type, data FROM event WHERE ${ofJob} AND seq = ?`,
      [log.jobId, seq + 1],
    );
    return seq;
  },
  "an event that took the place of one that is not canonical": async (log, random, tamper) => {
    const rows = log.rows.filter((row) => !isCanonicalRow(row) && log.isCovered(row.seq));
    const row = oneOf(rows, random);
    const data = JSON.stringify({ stage: "first" });
    await tamper(`UPDATE event SET type = ?, data = ? WHERE ${ofJob} AND seq = ?`, [
      "stage.completed",
      data,
      log.jobId,
      row.seq,
    ]);
    return row.seq;
  },
  "a link that is gone": async (log, random, tamper) => {
    const row = oneOf(
      log.rows.filter(({ link }) => link !== null),
      random,
    );
    await tamper(`UPDATE event SET link = NULL WHERE ${ofJob} AND seq = ?`, [log.jobId, row.seq]);
    return row.seq;
  },
  "a link that was changed": async (log, random, tamper) => {
    const row = oneOf(
      log.rows.filter(({ link }) => link !== null),
      random,
    );
    const link = row.link?.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) ?? null;
    await tamper(`UPDATE event SET link = ? WHERE ${ofJob} AND seq = ?`, [link, log.jobId, row.seq]);
    return row.seq;
  },
  "a head that is gone": async (log, _random, tamper) => {
    await tamper("UPDATE job SET log_head = NULL, revision = revision + 1 WHERE id = ?", [log.jobId]);
    return log.rows.findLast(({ link }) => link !== null)?.seq ?? null;
  },
};

const ofJob = "job = (SELECT ordinal FROM job WHERE id = ?)";

function expectPlace({ first, last }: LogProblem, place: number): void {
  // A link that is gone, or was changed, is missed by the next one at the latest.
  expect(first, `${first} to ${last}`).toBeLessThanOrEqual(place);
  expect(last, `${first} to ${last}`).toBeGreaterThanOrEqual(place);
}

/** Canonical events of which every byte stands in the chain. */
function coveredRows({ rows, isCovered }: FilledLog): readonly LogRow[] {
  return rows.filter((row) => isCanonicalRow(row) && isCovered(row.seq) && row.type !== "job.failed");
}

function isCanonicalRow({ type, data }: LogRow): boolean {
  return isCanonical({ type, data: JSON.parse(data) } as EventDraft);
}

/** Fills a log by chance, by a version that keeps the chain and, in some plays, by one before it in between. */
async function fillLog(store: Store, random: Random): Promise<FilledLog> {
  const jobId = `job-${Math.floor(random() * 1e9)}`;
  const old = new Set<number>();
  const isMixed = random() < 0.5;
  const isOld = () => isMixed && random() < 0.3;
  const isBornOld = isOld();
  const job = buildNewJob({ id: jobId });
  await store.createJob(
    job,
    [queuedDraft],
    isBornOld
      ? {}
      : {
          chain: (now) =>
            chainEvents({ id: jobId, lastSeq: 0, logHead: null }, now, testDigest, [queuedDraft]),
        },
  );
  if (isBornOld) old.add(1);
  const drafts = everyDraft.slice(1);
  const changes = 3 + Math.floor(random() * 8);
  for (let change = 0; change < changes; change += 1) {
    const events = Array.from({ length: 1 + Math.floor(random() * 5) }, () => oneOf(drafts, random));
    // The last is one that keeps the chain: then there is something to be changed.
    const byOld = change < changes - 1 && isOld();
    await store.updateJob(jobId, (current, now) => {
      if (byOld) {
        for (const [index] of events.entries()) old.add(current.lastSeq + index + 1);
        return { events };
      }
      const all = change === changes - 1 ? [...events, stageStarted, log] : events;
      const { logHead, ...chained } = chainEvents(current, now, testDigest, all);
      return { events: all, ...chained, patch: { logHead } };
    });
  }
  const rows = await store.readLogRows(jobId, 0, 1_000);
  const firstChained = rows.find(({ seq }) => !old.has(seq))?.seq ?? 1;
  return {
    jobId,
    rows,
    isCovered(seq) {
      if (old.has(seq) || seq < firstChained) return false;
      // What stands between a link and the next change of an older version has no link of its own any more.
      const from = Number(rows.find((row) => row.seq >= seq && row.link !== null)?.link?.split(":")[0] ?? 1);
      return from <= seq;
    },
  };
}

const stageStarted: EventDraft = { type: "stage.started", data: { stage: "second", itemsTotal: 3 } };
const log: EventDraft = { type: "log", data: { level: "info", code: "test", message: "the last one" } };

function oneOf<T>(list: readonly T[], random: Random): T {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error("The list is empty.");
  return one;
}

async function eachPlay(
  create: () => Promise<TamperedStore>,
  plays: number,
  play: (opened: TamperedStore, random: Random) => Promise<void>,
): Promise<void> {
  const opened = await create();
  try {
    for (let number = 1; number <= plays; number += 1) {
      await play(opened, seededRandom(number)).catch((error: unknown) => {
        throw new Error(`play ${number}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      });
    }
  } finally {
    await opened.store.close();
    await opened.dispose();
  }
}
