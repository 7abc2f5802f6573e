import { CmoError, type Job } from "@cmo/engine";
import { type JobObserver, openRuntime, type StoredRuntime } from "@cmo/runtime";
import type { CommandContext } from "./command-context.ts";

/** What every command over stored jobs was told. */
export interface StoreOptions {
  /** `memory`, `disk` or a file; see `resolveStoreLocation`. */
  store?: string;
}

/** Gives a command the runtime over its store, and closes it in any case. */
export async function withStore<Result>(
  { store, observer }: StoreOptions & { observer?: JobObserver },
  { host, terminal }: CommandContext,
  work: (runtime: StoredRuntime) => Promise<Result>,
): Promise<Result> {
  const runtime = await openRuntime({
    host,
    location: store,
    ...(observer === undefined ? {} : { observer }),
    ...(host.env.CMO_DEBUG === "1"
      ? { onRequest: (entry) => terminal.writeError(`${JSON.stringify(entry)}\n`) }
      : {}),
  });
  try {
    return await work(runtime);
  } finally {
    await runtime.close();
  }
}

/**
 * As {@link withStore}, for commands over jobs that other commands have run.
 * @throws CmoError `usage` for a store in memory, which has none.
 */
export function withKeptStore<Result>(
  options: StoreOptions & { observer?: JobObserver },
  context: CommandContext,
  work: (runtime: StoredRuntime) => Promise<Result>,
): Promise<Result> {
  return withStore(options, context, async (runtime) => {
    if (runtime.location.type === "file") return work(runtime);
    throw new CmoError("usage", "Jobs in memory are gone when the command that ran them has ended.", {
      hint: "Keep jobs with --store disk or --store FILE, or set CMO_STORE.",
    });
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
