import { CmoError, type Job, type JobChange, type WorkLimits } from "@cmo/engine";
import type { Row } from "@cmo/store-sql";
import type { Database, Opening, Session } from "./database.ts";
import type { JobTable } from "./job-table.ts";
import { findMoved, isPutBack } from "./moved-job.ts";
import { isOutage } from "./store-error.ts";
import { createWriteQueue, inTheWay, type Outcome } from "./write-queue.ts";
import { createWriteSet, type HeldJob, type Written } from "./write-set.ts";

type Decide = (job: Job, now: number) => JobChange;

interface Update {
  readonly jobId: string;
  readonly decide: Decide;
}

/** Writes to jobs by what is decided on them as they stand. */
export interface JobWriter {
  /** @throws CmoError `not_found`, and what `decide` throws. */
  update(jobId: string, decide: Decide): Promise<Written>;
  /** The job that is next to be worked on; null when there is none. */
  claimNext(decide: Decide, limits: WorkLimits | undefined): Promise<Written | null>;
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
  /** One transaction over the jobs that it begins with. `heldFor` says which is for which request; null: none is. */
  async function writeAll(
    requests: readonly { readonly decide: Decide }[],
    opening: Opening,
    heldFor: (held: readonly HeldJob[], place: number) => HeldJob | undefined,
  ): Promise<readonly (Outcome<Written> | null)[]> {
    const { outcomes, made } = await database.write(async (session: Session, opened: readonly Row[]) => {
      const held = await jobs.held(session, opened);
      const writes = createWriteSet();
      const decided = requests.map(({ decide }, place) => decideOn(heldFor(held, place), decide));
      const moved = await findMoved(session, decided.flatMap(putBackBy));
      const settled = decided.map((one): Outcome<Written> | null => {
        if (one === null || "error" in one) return one;
        const error = moved.get(one.held.stored.job.id);
        return error === undefined ? { answer: writes.add(one.held, one.change) } : { error };
      });
      await writes.write(session);
      const made: Written[] = [];
      for (const [place, one] of decided.entries()) {
        const next = nextOf(one, settled[place]);
        const written = next === null ? null : await jobs.insert(session, next.job, next.now);
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
      const outcomes = await writeAll(batch, opening, (held, place) =>
        held.find(({ stored }) => stored.job.id === batch[place]?.jobId),
      );
      // One that is not there looks like one that somebody holds.
      return outcomes.map((outcome) => outcome ?? inTheWay);
    },
    async carryOutAlone(request) {
      const [outcome = null] = await writeAll([request], jobs.holding([request.jobId]), ([held]) => held);
      return outcome ?? { error: notFound(request.jobId) };
    },
    isOutage,
  });
  const claims = createWriteQueue<{ readonly decide: Decide }, Written | null>({
    lanes: 2,
    most: 32,
    keyOf: () => null,
    carryOut: claimSome,
    carryOutAlone: async (request) => (await claimSome([request]))[0] ?? { answer: null },
    isOutage,
  });
  /** One at a time here too: each has a connection while it waits for the others of the fleet. */
  const limitedClaims = createWriteQueue<
    { readonly decide: Decide; readonly limits: WorkLimits },
    Written | null
  >({
    lanes: 1,
    most: 1,
    keyOf: () => null,
    carryOut: async (batch) => Promise.all(batch.map(claimWithin)),
    carryOutAlone: claimWithin,
    isOutage,
  });

  async function claimWithin(request: { readonly decide: Decide; readonly limits: WorkLimits }) {
    const [outcome = null] = await writeAll(
      [request],
      jobs.holdingNextWithin(request.limits),
      ([held]) => held,
    );
    return outcome ?? { answer: null };
  }

  async function claimSome(
    batch: readonly { readonly decide: Decide }[],
  ): Promise<readonly Outcome<Written | null>[]> {
    const outcomes = await writeAll(batch, jobs.holdingNext(batch.length), (held, place) => held[place]);
    return outcomes.map((outcome) => outcome ?? { answer: null });
  }

  return {
    update: (jobId, decide) => updates.ask({ jobId, decide }),
    claimNext: (decide, limits) =>
      limits === undefined ? claims.ask({ decide }) : limitedClaims.ask({ decide, limits }),
    async claim(jobId, decide) {
      const [outcome = null] = await writeAll([{ decide }], jobs.holdingClaimable(jobId), ([held]) => held);
      if (outcome === null) return null;
      if ("error" in outcome) throw outcome.error;
      return outcome.answer;
    },
    async idle() {
      await Promise.all([updates, claims, limitedClaims].map((queue) => queue.idle()));
    },
  };
}

/** What is to become of a job that is held; null where none is. */
type Decided = { readonly held: HeldJob; readonly change: JobChange } | { readonly error: unknown } | null;

function decideOn(held: HeldJob | undefined, decide: Decide): Decided {
  if (held === undefined) return null;
  try {
    return { held, change: decide(held.stored.job, held.now) };
  } catch (error) {
    return { error };
  }
}

/** The job that a change puts in, if the change is written. */
function nextOf(decided: Decided, settled: Outcome<Written> | null | undefined) {
  if (decided === null || "error" in decided || settled == null || "error" in settled) return null;
  const { next } = decided.change;
  return next === undefined ? null : { job: next, now: decided.held.now };
}

function putBackBy(decided: Decided): readonly string[] {
  if (decided === null || "error" in decided) return [];
  const { job } = decided.held.stored;
  return isPutBack(job, decided.change.patch) ? [job.id] : [];
}

function notFound(jobId: string): CmoError {
  return new CmoError("not_found", `There is no job ${jobId} in this store.`);
}
