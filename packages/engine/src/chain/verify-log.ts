import { CmoError, toCmoError } from "../error/cmo-error.ts";
import { isCanonical } from "../event/is-canonical.ts";
import { asKnownEvent } from "../event/job-event.ts";
import type { Job } from "../job/job.ts";
import { objectOf, parseStored } from "../people/stored-value.ts";
import type { Digest } from "../port/digest.ts";
import type { LogRow } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { chainLine, firstLink, linkAfter, readLinkText } from "./chain-link.ts";

/** Events that no link covers, since a version that knew of no chain has written them. */
export interface UncoveredEvents {
  /** The seqs of the first and the last canonical one. */
  readonly first: number;
  readonly last: number;
  /** How many of them are canonical. */
  readonly count: number;
}

/** The first thing in a log that is not as it was written. */
export interface LogProblem {
  /** Where it is: at one of the events from here */
  readonly first: number;
  /** to here. The same where it is known to be at one. */
  readonly last: number;
  /** In plain words, without what the event holds. */
  readonly message: string;
}

/** What was found of a log. */
export interface LogVerification {
  /** How many events were read. */
  readonly events: number;
  /** How many of them are canonical. */
  readonly canonical: number;
  /** How many of the canonical ones stand in the chain, up to the first problem. */
  readonly covered: number;
  /** What does not, and is no problem. Neighbours are one entry. */
  readonly uncovered: readonly UncoveredEvents[];
  /** Null: everything is as it was written. */
  readonly problem: LogProblem | null;
}

/**
 * Checks the log of a job against its chain: that no canonical event was changed, moved, taken out or put in since it was
 * written, that no event is missing, and that each holds JSON. The job may be worked on meanwhile. What the chain does not
 * hold it cannot tell: the data of events that are not canonical, and the message of an error.
 * @throws CmoError `not_found`; `store_unavailable`.
 */
export async function verifyLog(
  store: Pick<Store, "readStoredJob" | "readLogRows">,
  digest: Digest,
  jobId: string,
): Promise<LogVerification> {
  const job = await existing(store, jobId);
  const check = createLogCheck(job, digest);
  const found = (problem: LogProblem | null) => ({ ...check.counts(), problem });
  for await (const row of readRows(store, job)) {
    const problem = row === null ? at(check.next(), "its row cannot be read") : check.take(row);
    if (problem !== null) return found(problem);
  }
  const problem = check.end();
  if (problem !== null) return found(problem);
  const [beyond] = await store.readLogRows(jobId, job.lastSeq, 1);
  // What is there although the row, when it is read anew, does not count it was not appended.
  const { lastSeq } = beyond === undefined ? job : await existing(store, jobId);
  const isAppended = beyond === undefined || beyond.seq <= lastSeq;
  return found(
    isAppended ? null : at(beyond.seq, `stands behind the end of the log, which is event ${lastSeq}`),
  );
}

interface LogCheck {
  /** The problem with the next row of the log, if there is one. */
  take(row: LogRow): LogProblem | null;
  /** All rows were taken. */
  end(): LogProblem | null;
  /** The seq of the next row. */
  next(): number;
  counts(): Omit<LogVerification, "problem">;
}

function createLogCheck(job: Job, digest: Digest): LogCheck {
  const uncovered: UncoveredEvents[] = [];
  let events = 0;
  let canonical = 0;
  let covered = 0;
  let link = firstLink(digest, job.id);
  /** The event that the last link stands with. */
  let linkSeq = 0;
  /** Canonical events behind it. */
  let open: { readonly seq: number; readonly line: string }[] = [];

  function leaveUncovered(left: readonly { readonly seq: number }[]): void {
    const [first] = left;
    const last = left.at(-1);
    if (first === undefined || last === undefined) return;
    uncovered.push({ first: first.seq, last: last.seq, count: left.length });
  }

  function takeLink(row: LogRow, text: string): LogProblem | null {
    const read = readLinkText(text);
    if (read === null || read.from <= linkSeq || read.from > row.seq) {
      return at(row.seq, "its link is not as it was written");
    }
    const within = open.filter(({ seq }) => seq >= read.from);
    const lines = within.map(({ line }) => line).join("");
    if (linkAfter(digest, link, read.from, lines) !== read.link) {
      return between(linkSeq + 1, row.seq, `changed, put in or taken out${canonicalOnes(open)}`);
    }
    leaveUncovered(open.filter(({ seq }) => seq < read.from));
    covered += within.length;
    link = read.link;
    linkSeq = row.seq;
    open = [];
    return null;
  }

  return {
    take(row) {
      if (row.seq !== events + 1) return at(events + 1, "missing");
      events += 1;
      const data = objectOf(parseStored(row.data));
      if (data === null) return at(row.seq, "its data are no JSON object");
      const event = asKnownEvent({ ...row, jobId: job.id, at: "", data });
      if (event !== null && isCanonical(event)) {
        canonical += 1;
        open.push({ seq: row.seq, line: chainLine(row) });
      }
      return row.link === null ? null : takeLink(row, row.link);
    },

    end() {
      if (events < job.lastSeq) return between(events + 1, job.lastSeq, "missing");
      const { logHead: head } = job;
      if (head === null && linkSeq > 0) return at(linkSeq, "has a link, and the job's row knows of none");
      if (head !== null) {
        const isLeading = head.from > linkSeq && head.from <= head.seq + 1 && head.seq <= job.lastSeq;
        if (head.link !== link || !isLeading) {
          const message = `changed, or at odds with the job's row${canonicalOnes(open)}`;
          return between(Math.max(1, linkSeq), job.lastSeq, message);
        }
        const unlinked = open.find(({ seq }) => seq >= head.from && seq <= head.seq);
        if (unlinked !== undefined) return at(unlinked.seq, "changed or put in: no link covers it");
      }
      leaveUncovered(open);
      return null;
    },

    next: () => events + 1,
    counts: () => ({ events, canonical, covered, uncovered }),
  };
}

function at(seq: number, message: string): LogProblem {
  return between(seq, seq, message);
}

function between(first: number, last: number, message: string): LogProblem {
  return { first, last, message };
}

/** Which of the events are canonical now, for people: it is one of them, or one that is no more. */
function canonicalOnes(open: readonly { readonly seq: number }[]): string {
  if (open.length === 0) return "";
  const shown = open.slice(0, mostShown).map(({ seq }) => seq);
  return ` (canonical there: ${shown.join(", ")}${open.length > mostShown ? ", …" : ""})`;
}

const mostShown = 5;

/** The rows of a job's log up to its end; null for one that cannot be read, and nothing after it. */
async function* readRows(
  store: Pick<Store, "readLogRows">,
  job: Job,
): AsyncGenerator<LogRow | null, void, undefined> {
  let after = 0;
  for (let limit = pageSize; after < job.lastSeq; ) {
    try {
      const page = await store.readLogRows(job.id, after, Math.min(limit, job.lastSeq - after));
      if (page.length === 0) return;
      yield* page;
      after = page.at(-1)?.seq ?? after;
    } catch (error) {
      if (toCmoError(error).code !== "store_corrupt") throw error;
      if (limit === 1) return yield null;
      // One by one, to say which it is.
      limit = 1;
    }
  }
}

const pageSize = 1_000;

async function existing(store: Pick<Store, "readStoredJob">, jobId: string): Promise<Job> {
  const job = await store.readStoredJob(jobId);
  if (job === null) throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
  return job;
}
