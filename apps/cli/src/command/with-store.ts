import { CmoError, type Job } from "@cmo/engine";
import { type JobObserver, openRuntime, type StoredRuntime } from "@cmo/runtime";
import type { CommandContext } from "./command-context.ts";

/** What every command over stored jobs was told. */
export interface StoreOptions {
  /** `memory`, `disk` or a file; see `resolveStoreLocation`. */
  store?: string;
}

/** How a command opens its runtime. */
export interface OpenOptions extends StoreOptions {
  observer?: JobObserver;
  /** Whether answers that other jobs had are left alone. */
  fresh?: boolean;
}

/**
 * Gives a command the runtime over its store, and closes it in any case. For commands that need no jobs of others: where
 * none can be kept, they can do without. @throws CmoError as `openRuntime`, with that way out in its hint.
 */
export async function withStore<Result>(
  options: OpenOptions,
  context: CommandContext,
  work: (runtime: StoredRuntime) => Promise<Result>,
): Promise<Result> {
  const runtime = await open(options, context).catch((error) => {
    throw withWayOut(error);
  });
  return closing(runtime, work);
}

/**
 * As {@link withStore}, for commands over jobs that other commands have run.
 * @throws CmoError `usage` for a store in memory, which has none.
 */
export async function withKeptStore<Result>(
  options: OpenOptions,
  context: CommandContext,
  work: (runtime: StoredRuntime) => Promise<Result>,
): Promise<Result> {
  return closing(await open(options, context), async (runtime) => {
    if (runtime.location.type === "file") return work(runtime);
    throw new CmoError("usage", "Jobs in memory are gone when the command that ran them has ended.", {
      hint: "Leave out --store memory (or CMO_STORE=memory), or name a file with --store.",
    });
  });
}

function open(
  { store, observer, fresh }: OpenOptions,
  { host, terminal }: CommandContext,
): Promise<StoredRuntime> {
  return openRuntime({
    host,
    location: store,
    ...(observer === undefined ? {} : { observer }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(host.env.CMO_DEBUG === "1"
      ? { onRequest: (entry) => terminal.writeError(`${JSON.stringify(entry)}\n`) }
      : {}),
  });
}

async function closing<Result>(
  runtime: StoredRuntime,
  work: (runtime: StoredRuntime) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}

const storeErrors: ReadonlySet<string> = new Set(["store_unavailable", "store_corrupt", "store_newer"]);

function withWayOut(thrown: unknown): unknown {
  if (!(thrown instanceof CmoError) || !storeErrors.has(thrown.code)) return thrown;
  const { code, message, hint, retryable } = thrown;
  const wayOut = "To run without keeping the job: --store memory";
  return new CmoError(code, message, {
    hint: hint === null || hint.includes("--store memory") ? (hint ?? wayOut) : `${hint}\n       ${wayOut}`,
    retryable,
    cause: thrown,
  });
}

/** The job of that id. @throws CmoError `not_found`, which says where was looked. */
export async function findJob({ engine, location }: StoredRuntime, jobId: string): Promise<Job> {
  const job = await engine.job(jobId);
  if (job !== null) return job;
  const place = location.type === "file" ? location.path : "a store in memory, which is empty at every start";
  throw new CmoError("not_found", `There is no job ${jobId} in ${place}.`, {
    hint: "List what there is with: cmo jobs. Another store is named by --store or CMO_STORE.",
  });
}

/** A command line to go on with, for people to copy: it names the store where this one was told to. */
export function jobCommand(verb: string, jobId: string, { store }: StoreOptions): string {
  return `cmo ${verb} ${jobId}${store === undefined ? "" : ` --store ${store}`}`;
}
