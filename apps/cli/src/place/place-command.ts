import type { Environment } from "@cmo/runtime";
import { configuredApi } from "./choose-place.ts";
import type { PlaceOptions } from "./place-options.ts";

/** Writes a command line to go on with, for people to copy: `show` and a job become `cmo show JOB`, and its place. */
export type PlaceCommand = (verb: string, jobId?: string) => string;

/** A {@link PlaceCommand} for the store of that name. */
export function storeCommand({ store }: PlaceOptions, env: Environment, name: string): PlaceCommand {
  // The address of a database may hold a password, and what is printed is read over shoulders and kept.
  if (store !== undefined) return commandWith(["--store", /^postgres(ql)?:/i.test(store) ? name : store]);
  // Without a flag the next command would go to the API of the environment.
  return commandWith(configuredApi({}, env) === null ? [] : ["--store", name]);
}

/** A {@link PlaceCommand} for the API at that address. */
export function apiCommand(options: PlaceOptions, env: Environment, baseUrl: string): PlaceCommand {
  const isFoundAnyway = options.apiBase === undefined && configuredApi({}, env) === baseUrl;
  return commandWith([
    ...(isFoundAnyway ? [] : ["--api-base", baseUrl]),
    ...(options.apiKeyFile === undefined ? [] : ["--api-key-file", options.apiKeyFile]),
  ]);
}

function commandWith(flags: readonly string[]): PlaceCommand {
  return (verb, jobId) => ["cmo", verb, ...(jobId === undefined ? [] : [jobId]), ...flags].join(" ");
}
