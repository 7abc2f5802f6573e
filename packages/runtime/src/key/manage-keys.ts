import { realpath } from "node:fs/promises";
import type { Clock } from "@cmo/engine";
import { CmoError } from "@cmo/engine";
import { writeFileAtomically } from "@cmo/exporters";
import * as v from "valibot";
import { environmentEntry } from "./environment-keys.ts";
import type { ApiKey, KeyRole } from "./key-directory.ts";
import { readKeyFile, renderKeyFile } from "./key-file.ts";
import { keyDigest, keyIdOf, newKeyText } from "./key-text.ts";
import { apiKeyOf, type StoredKey, storedKeySchema } from "./stored-key.ts";
import { withFileLock } from "./with-file-lock.ts";

/** What a new key is for. */
export interface NewKey {
  readonly tenant: string;
  /** Default: `member`. */
  readonly role?: KeyRole;
  /** What it is for, in a line of at most 100 characters. */
  readonly label?: string | null;
}

/** A key that was made. */
export interface CreatedKey {
  readonly key: ApiKey;
  /** The key itself. It is shown once, to its owner, and kept nowhere. */
  readonly text: string;
}

/** Makes a key and puts it into a file, which is made when it is missing. @throws CmoError `usage`; as {@link listKeys}. */
export async function createKey(file: string, asked: NewKey, clock: Pick<Clock, "now">): Promise<CreatedKey> {
  const { stored, text } = newStoredKey(asked, new Date(clock.now()).toISOString());
  await changeKeys(file, (keys) => [...keys, stored]);
  return { key: apiKeyOf(stored, "file"), text };
}

/** Makes a key for `CMO_API_KEYS`, and keeps it nowhere. `entry` goes into the variable. @throws CmoError `usage`. */
export function createEnvironmentKey(asked: Omit<NewKey, "label">): CreatedKey & { readonly entry: string } {
  const { stored, text } = newStoredKey(asked, null);
  return { key: apiKeyOf(stored, "environment"), text, entry: environmentEntry(stored) };
}

/**
 * Takes a key out of a file, named by its id or its text; servers that run hear of it within a second. Gives the key.
 * @throws CmoError `not_found`; as {@link listKeys}.
 */
export async function revokeKey(file: string, idOrText: string): Promise<ApiKey> {
  const id = keyIdOf(idOrText) ?? idOrText;
  let revoked: StoredKey | undefined;
  await changeKeys(file, (keys) => {
    revoked = keys.find((key) => key.id === id);
    // The text may be half a key: it is not repeated.
    if (revoked === undefined) {
      throw new CmoError("not_found", `There is no such key in ${file}.`, {
        hint: "Name it by its id. The ids are listed by: cmo keys list",
      });
    }
    return keys.filter((key) => key.id !== id);
  });
  if (revoked === undefined) throw new CmoError("internal", "A key was revoked and is not known.");
  return apiKeyOf(revoked, "file");
}

/**
 * The keys of a file, the oldest first; none when there is no file.
 * @throws CmoError `config_unreadable`, `config_invalid` for a file that is broken; both name it.
 */
export function listKeys(file: string): readonly ApiKey[] {
  return (readKeyFile(file)?.keys ?? []).map((key) => apiKeyOf(key, "file"));
}

function newStoredKey(
  { tenant, role = "member", label = null }: NewKey,
  createdAt: string | null,
): { stored: StoredKey; text: string } {
  const { id, text } = newKeyText();
  const digest = keyDigest(text).toString("hex");
  const parsed = v.safeParse(storedKeySchema, { id, tenant, role, label, createdAt, digest });
  if (parsed.success) return { stored: parsed.output, text };
  const [issue] = parsed.issues;
  throw new CmoError("usage", `The key's ${v.getDotPath(issue)} ${issue.message}.`);
}

async function changeKeys(
  file: string,
  change: (keys: readonly StoredKey[]) => readonly StoredKey[],
): Promise<void> {
  await withFileLock(file, async () => {
    const keys = change(readKeyFile(file)?.keys ?? []);
    // Where the name is a link, what it leads to is written.
    const target = await realpath(file).catch(() => file);
    await writeFileAtomically(target, onePiece(renderKeyFile(keys)));
  });
}

async function* onePiece(text: string): AsyncGenerator<string> {
  yield text;
}
