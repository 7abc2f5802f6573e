import { CmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import { localTenant } from "../job/local-tenant.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { Engine, SubmitOptions } from "./engine.ts";

/** A submission that may come twice and counts once. */
export interface SubmitOnceOptions extends SubmitOptions {
  /** The caller's name for the request; 1 to 255 visible ASCII characters. */
  readonly idempotencyKey: string;
  /** Whose key it is: the same key of somebody else is another one. Default: the tenant's. */
  readonly owner?: string;
  /** What was asked for, as text: the same key with another request is an error. */
  readonly request: string;
  /** The id for a job that is not there yet. */
  readonly jobId: string;
  readonly digest: Digest;
}

/** For how long the same key is the same request, in milliseconds. */
export const submissionKeyMs = 86_400_000;

/**
 * Submits, unless the same key did so within 24 hours: then it gives that job. Who asks is told apart in the store, so
 * that it holds for all who use it, and after a crash in the middle.
 * @throws CmoError `usage` for a key that is none; `conflict` when the key was used for another request, or its job was
 * erased.
 */
export async function submitOnce(
  engine: Pick<Engine, "store" | "submit">,
  spec: JobSpec,
  { idempotencyKey, request, digest, owner, ...submitted }: SubmitOnceOptions,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const { store } = engine;
  if (!/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    throw new CmoError("usage", "An idempotency key is 1 to 255 visible ASCII characters.");
  }
  const key = digestText(digest, JSON.stringify([owner ?? submitted.tenant ?? localTenant, idempotencyKey]));
  const wanted = digestText(digest, request);
  // Keys are gathered by their first digits, so that a text of them stays small, and old ones go as new ones come.
  const name = `submissions ${key.slice(0, 2)}`;

  const reserved = await take({ jobId: submitted.jobId, request: wanted, isPutIn: false });
  if (reserved.request !== wanted) {
    throw new CmoError("conflict", "This idempotency key was used for another request.", {
      hint: "Use a new key for a new campaign.",
    });
  }
  const known = await store.readJob(reserved.jobId);
  if (known !== null) return { job: known, isNew: false };
  if (reserved.isPutIn) {
    throw new CmoError("conflict", "The job of this idempotency key was erased.", {
      hint: "Use a new key to run the campaign again.",
    });
  }
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
      const entries = Object.entries(JSON.parse(before ?? "{}") as Record<string, Entry>);
      const fresh = Object.fromEntries(entries.filter(([, { at }]) => now - at < submissionKeyMs));
      const there = fresh[key];
      if (there === undefined) fresh[key] = { ...entry, at: now };
      else if (entry.isPutIn && there.jobId === entry.jobId) fresh[key] = { ...there, isPutIn: true };
      return JSON.stringify(fresh);
    });
    return (JSON.parse(text ?? "{}") as Record<string, Entry>)[key] ?? entry;
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
