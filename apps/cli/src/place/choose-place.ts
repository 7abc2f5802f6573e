import { CmoError } from "@cmo/engine";
import type { Environment } from "@cmo/runtime";
import type { PlaceOptions } from "./place-options.ts";

/** Where a command finds its jobs. */
export type ChosenPlace =
  | { readonly type: "store"; readonly store: string | undefined }
  | { readonly type: "api"; readonly baseUrl: string };

/** Where `cmo serve` listens when it is told nothing else. */
export const defaultApi = "http://127.0.0.1:2660";

/**
 * The place that was named: on the command line, else the API of `CMO_API_URL`, else the store of this machine.
 * @throws CmoError `usage` for two places at once, and for a key without an API.
 */
export function choosePlace(options: PlaceOptions, env: Environment): ChosenPlace {
  const { store, apiBase, apiKeyFile } = options;
  checkOnePlace(options);
  const baseUrl = store === undefined ? configuredApi({ apiBase }, env) : null;
  if (baseUrl !== null) return { type: "api", baseUrl };
  if (apiKeyFile !== undefined) {
    throw new CmoError("usage", "--api-key-file holds a key for an API, and no API was named.", {
      hint: "Name it with --api-base or CMO_API_URL.",
    });
  }
  return { type: "store", store };
}

/** @throws CmoError `usage` when both a store and an API were named on the command line. */
export function checkOnePlace({ store, apiBase }: PlaceOptions): void {
  if (store === undefined || apiBase === undefined) return;
  throw new CmoError("usage", "--store and --api-base name two places; a command works on one of them.", {
    hint: "Leave out --store to ask the API, or --api-base to use the store.",
  });
}

/** The address of the API that was named, as it was written; or null. */
export function configuredApi(
  { apiBase }: { apiBase?: string | undefined },
  env: Environment,
): string | null {
  const written = (apiBase ?? env.CMO_API_URL ?? "").trim();
  return apiBase === undefined && written === "" ? null : written;
}
