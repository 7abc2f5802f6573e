import { CmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import { localTenant } from "../job/local-tenant.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { Store } from "../port/store.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { Engine, SubmitOptions } from "./engine.ts";

/** What a submission is known again by. */
export interface SubmissionKey {
  /** The caller's name for the request; 1 to 255 visible ASCII characters. */
  readonly idempotencyKey: string;
  /** Whose key it is: the same key of somebody else is another one. Default: the tenant's. */
  readonly owner?: string;
  readonly tenant?: string;
  /** What was asked for, as text: the same key with another request is an error. */
  readonly request: string;
  readonly digest: Digest;
}

/** A submission that may come twice and counts once. */
export interface SubmitOnceOptions extends SubmitOptions, SubmissionKey {
  readonly tenant?: string;
  /** The id for a job that is not there yet. */
  readonly jobId: string;
}

/** For how long the same key is the same request, in milliseconds. */
export const submissionKeyMs = 86_400_000;

/**
 * The job that a submission with this key was given before, or null: for who need not read again what was asked for.
 * `now` is in milliseconds since the epoch. @throws CmoError as {@link submitOnce}.
 */
export async function findSubmission(
  store: Store,
  submission: SubmissionKey,
  now: number,
): Promise<Job | null> {
  const { key, name, wanted } = placeOf(submission);
  const entry = entriesOf(await store.readShared(name))[key];
  return entry === undefined || isOver(entry, now) ? null : jobOf(store, entry, wanted);
}

/**
 * Submits, unless the same key did so within 24 hours: then it gives that job. Who asks is told apart in the store, so
 * that it holds for all who use it, and after a crash in the middle.
 * @throws CmoError `usage` for a key that is none; `conflict` when the key was used for another request (and then its
 * `problems` name `idempotencyKey`), or its job was erased.
 */
export async function submitOnce(
  engine: Pick<Engine, "store" | "submit">,
  spec: JobSpec,
  options: SubmitOnceOptions,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const { store } = engine;
  const { idempotencyKey: _key, owner: _owner, request: _request, digest: _digest, ...submitted } = options;
  const { key, name, wanted } = placeOf(options);

  const reserved = await take({ jobId: submitted.jobId, request: wanted, isPutIn: false });
  const known = await jobOf(store, reserved, wanted);
  if (known !== null) return { job: known, isNew: false };
  try {
    const job = await engine.submit(spec, { ...submitted, jobId: reserved.jobId });
    await take({ ...reserved, isPutIn: true });
    return { job, isNew: true };
  } catch (error) {
    // Another request with the same key was a moment faster.
    const job = await store.readJob(reserved.jobId);
    if (job === null) throw error;
    return { job, isNew: false };
  }

  /** Puts an entry in, unless there is one that this one does not complete; gives what is there then. */
  async function take(entry: Omit<Entry, "at">): Promise<Omit<Entry, "at">> {
    const text = await store.updateShared(name, (before, now) => {
      const fresh = Object.fromEntries(
        Object.entries(entriesOf(before)).filter(([, other]) => !isOver(other, now)),
      );
      const there = fresh[key];
      if (there === undefined) fresh[key] = { ...entry, at: now };
      else if (entry.isPutIn && there.jobId === entry.jobId) fresh[key] = { ...there, isPutIn: true };
      return JSON.stringify(fresh);
    });
    return entriesOf(text)[key] ?? entry;
  }
}

interface Entry {
  readonly at: number;
  readonly jobId: string;
  /** Digest of what was asked for. */
  readonly request: string;
  /** Whether the job was put in: if it is not there then, it was erased. */
  readonly isPutIn: boolean;
}

/** Where a submission is kept. @throws CmoError `usage` for a key that is none. */
function placeOf({ idempotencyKey, owner, tenant, request, digest }: SubmissionKey) {
  if (!/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    throw new CmoError("usage", "An idempotency key is 1 to 255 visible ASCII characters.");
  }
  const key = digestText(digest, JSON.stringify([owner ?? tenant ?? localTenant, idempotencyKey]));
  // Keys are gathered by their first digits, so that a text of them stays small, and old ones go as new ones come.
  return { key, name: `submissions ${key.slice(0, 2)}`, wanted: digestText(digest, request) };
}

function entriesOf(text: string | null): Record<string, Entry> {
  return JSON.parse(text ?? "{}") as Record<string, Entry>;
}

function isOver({ at }: Entry, now: number): boolean {
  return now - at >= submissionKeyMs;
}

/** The job of an entry; null when it is still to be put in. @throws CmoError `conflict`. */
async function jobOf(store: Store, entry: Omit<Entry, "at">, wanted: string): Promise<Job | null> {
  if (entry.request !== wanted) {
    throw new CmoError("conflict", "This idempotency key was used for another request.", {
      hint: "Use a new key for a new campaign.",
      problems: [{ path: ["idempotencyKey"], message: "was used for another request" }],
    });
  }
  const known = await store.readJob(entry.jobId);
  if (known === null && entry.isPutIn) {
    throw new CmoError("conflict", "The job of this idempotency key was erased.", {
      hint: "Use a new key to run the campaign again.",
    });
  }
  return known;
}
