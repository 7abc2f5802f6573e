import { CmoError } from "@cmo/engine";
import * as v from "valibot";
import type { Environment } from "../host/host.ts";
import { type StoredKey, storedKeySchema } from "./stored-key.ts";

/** A key as `CMO_API_KEYS` holds it, between commas. */
export function environmentEntry({ id, tenant, role, digest }: StoredKey): string {
  return [id, tenant, role, digest].join(":");
}

/**
 * The keys of `CMO_API_KEYS`; null when it is not set.
 * @throws CmoError `config_invalid`, which names an entry by its place: somebody may have put a key itself there.
 */
export function readEnvironmentKeys({ CMO_API_KEYS: text = "" }: Environment): readonly StoredKey[] | null {
  if (text.trim() === "") return null;
  const keys = text.split(",").flatMap((entry, index) => {
    return entry.trim() === "" ? [] : [readEntry(entry.trim(), index + 1)];
  });
  const ids = keys.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice >= 0) throw wrong(twice + 1, "has the id of another one");
  return keys;
}

function readEntry(entry: string, number: number): StoredKey {
  const [id, tenant, role, digest, ...more] = entry.split(":");
  if (digest === undefined || more.length > 0) throw wrong(number, "must be id:tenant:role:sha256");
  const parsed = v.safeParse(storedKeySchema, { id, tenant, role, digest, label: null, createdAt: null });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw wrong(number, `: ${v.getDotPath(issue)} ${issue.message}`);
}

function wrong(number: number, why: string): CmoError {
  return new CmoError("config_invalid", `CMO_API_KEYS, entry ${number} ${why}.`.replace(" :", ":"), {
    hint: "Make an entry with: cmo keys create --env",
  });
}
