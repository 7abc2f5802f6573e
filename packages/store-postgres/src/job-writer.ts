import { type ClaimRequest, CmoError, type Job, type JobChange } from "@cmo/engine";
import { assertReadable, claimFaultOf, type ListedRow, type Row } from "@cmo/store-sql";
import type { Database, Opening, Session } from "./database.ts";
import { configTextOf, insertJob } from "./insert-job.ts";
import type { HeldRow, JobTable } from "./job-table.ts";
import { findMoved, isPutBack } from "./moved-job.ts";
import { isOutage } from "./store-error.ts";
import { createWriteQueue, inTheWay, noRoom, type Outcome } from "./write-queue.ts";
import { createWriteSet, type HeldJob, type Written } from "./write-set.ts";

type Decide = (job: Job, now: number) => JobChange;

interface Update {
  readonly jobId: string;
  readonly decide: Decide;
}

/** A wish for any job that is to be worked on. */
export interface Claim extends Pick<ClaimRequest, "limits" | "onPassedOver"> {
  readonly decide: Decide;
}

/** Writes to jobs by what is decided on them as they stand. */
export interface JobWriter {
  /** @throws CmoError `not_found`, and what `decide` throws. */
  update(jobId: string, decide: Decide): Promise<Written>;
  /** The job that is next to be worked on; null when there is none. */
  claimNext(claim: Claim): Promise<Written | null>;
  /** This job, if it is to be worked on; else null. */
  claim(jobId: string, decide: Decide): Promise<Written | null>;
  /** Resolves when everything is written that was wanted. */
  idle(): Promise<void>;
}

/** What {@link createJobWriter} needs. */
export interface JobWriterOptions {
  readonly database: Database;
  readonly jobs: JobTable;
  /** Told what is committed, all of one transaction together. */
  onCommitted(written: readonly Written[]): void;
}

/** A {@link JobWriter}: what several jobs want written at the same time goes in one transaction. */
export function createJobWriter({ database, jobs, onCommitted }: JobWriterOptions): JobWriter {
  /**
   * One transaction over the jobs that it begins with. `heldFor` says which is for which request; null: none is.
   * `faultOf` says what keeps a job from being written to. What there is no room for any more once the transaction holds
   * `mostBytes` is left out; the first never is.
   */
  async function writeAll(
    requests: readonly { readonly decide: Decide }[],
    opening: Opening,
    heldFor: (held: readonly HeldRow[], place: number) => HeldRow | undefined,
    {
      faultOf = unreadableFaultOf,
      mostBytes = Number.POSITIVE_INFINITY,
    }: { faultOf?: (row: ListedRow) => CmoError | null; mostBytes?: number } = {},
  ): Promise<readonly Settled[]> {
    const { outcomes, made } = await database.write(async (session: Session, opened: readonly Row[]) => {
      const held = await jobs.held(session, opened);
      const writes = createWriteSet();
      const decided = requests.map(({ decide }, place) => decideOn(heldFor(held, place), decide, faultOf));
      const moved = await findMoved(session, decided.flatMap(putBackBy));
      const settled = decided.map((one): Settled => {
        if (one === null || "error" in one) return one;
        const error = moved.get(one.held.stored.job.id);
        if (error !== undefined) return { error };
        return writes.bytes() < mostBytes ? { answer: writes.add(one.held, one.change) } : noRoom;
      });
      await writes.write(session);
      const made: Written[] = [];
      for (const [place, one] of decided.entries()) {
        const next = nextOf(one, settled[place]);
        if (next === null) continue;
        const configText = (await configTextOf(session, next.after)) ?? null;
        const written = await insertJob(session, { ...next.row, configText }, next.now);
        if (written !== null) made.push(written);
      }
      return { outcomes: settled, made };
    }, opening);
    const answers = outcomes.flatMap((outcome) =>
      outcome !== null && "answer" in outcome ? [outcome.answer] : [],
    );
    onCommitted([...answers, ...made]);
    return outcomes;
  }

  const updates = createWriteQueue<Update, Written>({
    lanes: 2,
    most: 32,
    keyOf: ({ jobId }) => jobId,
    async carryOut(batch) {
      const opening = jobs.holdingFree(batch.map(({ jobId }) => jobId));
      const outcomes = await writeAll(
        batch,
        opening,
        (held, place) => held.find(({ stored }) => stored.job.id === batch[place]?.jobId),
        { mostBytes: mostBatchBytes },
      );
      // One that is not there looks like one that somebody holds.
      return outcomes.map((outcome) => outcome ?? inTheWay);
    },
    async carryOutAlone(request) {
      const [outcome = null] = await writeAll([request], jobs.holding([request.jobId]), ([held]) => held);
      return outcome === null || "isLeft" in outcome ? { error: notFound(request.jobId) } : outcome;
    },
    isOutage,
  });
  const claims = createWriteQueue<Claim, Written | null>({
    lanes: 2,
    most: 32,
    keyOf: () => null,
    carryOut: claimSome,
    carryOutAlone: async (request) => (await claimSome([request]))[0] ?? { answer: null },
    isOutage,
  });
  /** One at a time here too: each has a connection while it waits for the others of the fleet. */
  const limitedClaims = createWriteQueue<Claim, Written | null>({
    lanes: 1,
    most: 1,
    keyOf: () => null,
    carryOut: claimSome,
    carryOutAlone: async (request) => (await claimSome([request]))[0] ?? { answer: null },
    isOutage,
  });

  /** The next jobs for several who want one; with limits, for one. */
  async function claimSome(batch: readonly Claim[]): Promise<readonly Outcome<Written | null>[]> {
    const limits = batch[0]?.limits;
    const opening = limits === undefined ? jobs.holdingNext(batch.length) : jobs.holdingNextWithin(limits);
    const outcomes = await writeAll(batch, opening, (held, place) => held[place], {
      faultOf: claimFaultOf,
    });
    const unserved = batch.filter((_claim, place) => isFault(outcomes[place]));
    if (unserved.length === 0) return outcomes.map(answerOf);
    // Theirs was a job that this version cannot work on: they are given those behind it.
    const faults = await jobs.passOver(database.single, limits);
    for (const { onPassedOver } of unserved) {
      for (const [jobId, fault] of faults) onPassedOver?.(jobId, fault);
    }
    const others = [...(await claimSome(unserved))];
    return outcomes.map((outcome) => answerOf(isFault(outcome) ? others.shift() : outcome));
  }

  return {
    update: (jobId, decide) => updates.ask({ jobId, decide }),
    claimNext: (claim) => (claim.limits === undefined ? claims : limitedClaims).ask(claim),
    async claim(jobId, decide) {
      const [outcome = null] = await writeAll([{ decide }], jobs.holdingClaimable(jobId), ([held]) => held, {
        faultOf: claimFaultOf,
      });
      if (outcome === null || "isLeft" in outcome) return null;
      if ("error" in outcome) throw outcome.error;
      return outcome.answer;
    },
    async idle() {
      await Promise.all([updates, claims, limitedClaims].map((queue) => queue.idle()));
    },
  };
}

/**
 * How much text several changes may come to that go together: far from what a message may hold (1 GB), and little beside
 * the memory of a process. A change that is larger goes by itself.
 */
const mostBatchBytes = 8_000_000;

/** What became of a request; null: there was no job for it. */
type Settled = Outcome<Written> | Faulted | typeof noRoom | null;

/** What is to become of a job that is held; null where none is. */
type Decided =
  | { readonly held: HeldJob; readonly change: JobChange }
  | { readonly error: unknown }
  | Faulted
  | null;

/** A job that is not written to: what is wrong with it. */
interface Faulted {
  readonly error: CmoError;
  readonly isFault: true;
}

/** Claims are small, and nothing is left out for want of room. */
function answerOf(
  outcome: Outcome<Written | null> | typeof noRoom | null | undefined,
): Outcome<Written | null> {
  return outcome === null || outcome === undefined || "isLeft" in outcome ? { answer: null } : outcome;
}

function isFault(outcome: object | null | undefined): boolean {
  return outcome !== null && outcome !== undefined && "isFault" in outcome;
}

function unreadableFaultOf({ job }: ListedRow): CmoError | null {
  return job.spec === null ? job.fault : null;
}

function decideOn(
  held: HeldRow | undefined,
  decide: Decide,
  faultOf: (row: ListedRow) => CmoError | null,
): Decided {
  if (held === undefined) return null;
  const { stored, now } = held;
  const fault = faultOf(stored);
  if (fault !== null) return { error: fault, isFault: true };
  const readable = { stored: assertReadable(stored), now };
  try {
    return { held: readable, change: decide(readable.stored.job, now) };
  } catch (error) {
    return { error };
  }
}

/** The job that a change puts in, if the change is written. */
/** The job that a change which is written puts in, behind which job, and when. */
function nextOf(decided: Decided, settled: Settled | undefined) {
  if (decided === null || "error" in decided || settled == null || settled === noRoom) return null;
  const { next } = decided.change;
  if (next === undefined || "error" in settled) return null;
  return { row: next, after: decided.held.stored.job.id, now: decided.held.now };
}

function putBackBy(decided: Decided): readonly string[] {
  if (decided === null || "error" in decided) return [];
  const { job } = decided.held.stored;
  return isPutBack(job, decided.change.patch) ? [job.id] : [];
}

function notFound(jobId: string): CmoError {
  return new CmoError("not_found", `There is no job ${jobId} in this store.`);
}
