import { readSuppressEntry } from "../config/suppress-entry.ts";
import { CmoError } from "../error/cmo-error.ts";

/** What a person is asked for by. */
export type PersonKey = { readonly kind: "login" | "id"; readonly value: string };

/** Reads a login, or `id:NODE_ID`. @throws CmoError `usage` for anything else. */
export function readPersonKey(text: string): PersonKey {
  const entry = readSuppressEntry(text);
  if (entry?.kind === "login" || entry?.kind === "id") return { kind: entry.kind, value: entry.value };
  throw new CmoError("usage", "A person is named by their login, or by id:NODE_ID.", {
    hint: "An address or a domain can be suppressed: cmo suppress add.",
  });
}
