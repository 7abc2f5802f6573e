import type { SuppressionEntry } from "../config/suppress-entry.ts";
import type { PersonIdentity } from "../port/agent.ts";
import type { Digest } from "../port/digest.ts";
import type { Store } from "../port/store.ts";
import type { SuppressedEntry } from "../port/stored-people.ts";
import { hashSuppression } from "../suppression/hash-suppression.ts";
import { suppressionEntriesOf } from "../suppression/suppression-entries.ts";

/** What keeps a person out for good: every id, login and address that they are known by, as keyed hashes. */
export async function suppressionOf(
  { store, digest }: { store: Store; digest: Digest },
  { ids, logins, emails }: PersonIdentity,
): Promise<readonly SuppressedEntry[]> {
  const key = await store.suppressionKey();
  const entries: SuppressionEntry[] = [
    ...ids.map((value) => ({ kind: "id" as const, value })),
    ...logins.map((value) => ({ kind: "login" as const, value })),
    ...emails.map((value) => ({ kind: "email" as const, value })),
  ];
  return entries.map((entry) => ({ kind: entry.kind, hash: hashSuppression(digest, key, entry) }));
}

/** Which entries of the store's suppression list keep a person out; domains too. */
export async function suppressedBy(
  { store, digest }: { store: Store; digest: Digest },
  { ids, logins, emails }: PersonIdentity,
): Promise<readonly SuppressionEntry[]> {
  const key = await store.suppressionKey();
  const ofAddress = emails.flatMap((email) => suppressionEntriesOf({ id: "", login: "", email }).slice(2));
  const entries = [
    ...ids.map((value): SuppressionEntry => ({ kind: "id", value })),
    ...logins.map((value): SuppressionEntry => ({ kind: "login", value })),
    ...ofAddress,
  ];
  const byHash = new Map(entries.map((entry) => [hashSuppression(digest, key, entry), entry]));
  const listed = await store.findSuppressed([...byHash.keys()]);
  return [...byHash].flatMap(([hash, entry]) => (listed.has(hash) ? [entry] : []));
}
