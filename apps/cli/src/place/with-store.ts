import { CmoError } from "@cmo/engine";
import { type JobObserver, type OpenRuntimeOptions, openRuntime, type StoreLocation } from "@cmo/runtime";
import type { CommandContext } from "../command/command-context.ts";
import type { StorePlace } from "./place.ts";
import { storeCommand } from "./place-command.ts";
import type { PlaceOptions } from "./place-options.ts";

/** How a store is opened. */
export interface OpenStoreOptions extends PlaceOptions {
  observer?: JobObserver;
  /** Hears of every request of a source. */
  onRequest?: OpenRuntimeOptions["onRequest"];
  /** Whether answers that other jobs had are left alone. */
  fresh?: boolean;
}

/**
 * Gives a command the runtime over its store, and closes it in any case. For commands that need no jobs of others: where
 * none can be kept, they can do without. @throws CmoError as `openRuntime`, with that way out in its hint.
 */
export async function withStore<Result>(
  options: OpenStoreOptions,
  context: CommandContext,
  work: (place: StorePlace) => Promise<Result>,
): Promise<Result> {
  const place = await open(options, context).catch((error) => {
    throw withWayOut(error);
  });
  return closing(place, work);
}

/**
 * As {@link withStore}, for commands over jobs that other commands have run.
 * @throws CmoError `usage` for a store in memory, which has none.
 */
export async function withKeptStore<Result>(
  options: OpenStoreOptions,
  context: CommandContext,
  work: (place: StorePlace) => Promise<Result>,
): Promise<Result> {
  return closing(await open(options, context), async (place) => {
    if (place.runtime.location.type !== "memory") return work(place);
    throw new CmoError("usage", "Jobs in memory are gone when the command that ran them has ended.", {
      hint: "Leave out --store memory (or CMO_STORE=memory), or name a file with --store.",
    });
  });
}

async function open(options: OpenStoreOptions, { host, terminal }: CommandContext): Promise<StorePlace> {
  const { store, observer, onRequest, fresh } = options;
  const debug: OpenRuntimeOptions["onRequest"] =
    host.env.CMO_DEBUG === "1" ? (entry) => terminal.writeError(`${JSON.stringify(entry)}\n`) : undefined;
  const heard = [onRequest, debug].filter((one) => one !== undefined);
  const runtime = await openRuntime({
    host,
    location: store,
    ...(observer === undefined ? {} : { observer }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(heard.length === 0
      ? {}
      : {
          onRequest(entry) {
            for (const hear of heard) hear(entry);
          },
        }),
  });
  const { location } = runtime;
  const name = storeName(location);
  return { type: "store", name, runtime, command: storeCommand(options, host.env, name) };
}

/** The store as a person names it, without a password. */
function storeName(location: StoreLocation): string {
  switch (location.type) {
    case "file":
      return location.path;
    case "postgres":
      return location.name;
    case "memory":
      return "memory";
    default:
      return location satisfies never;
  }
}

async function closing<Result>(
  place: StorePlace,
  work: (place: StorePlace) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(place);
  } finally {
    await place.runtime.close();
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
