import { randomBytes, timingSafeEqual } from "node:crypto";
import { statSync } from "node:fs";
import { type CmoError, toCmoError } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { readEnvironmentKeys } from "./environment-keys.ts";
import type { ApiKey, KeyDirectory } from "./key-directory.ts";
import { readKeyFile, versionOf } from "./key-file.ts";
import { keyDigest, keyIdOf } from "./key-text.ts";
import { type KeysPlace, resolveKeysFile } from "./keys-place.ts";
import { apiKeyOf, type StoredKey } from "./stored-key.ts";

/** What {@link openKeyDirectory} is made of. */
export interface KeyDirectoryOptions extends KeysPlace {
  readonly host: KeysPlace["host"] & Pick<Host, "clock">;
  /** Hears of a file that others may read, and of one that cannot be read any more; once for each state of it. */
  onWarning?(warning: CmoError | string): void;
}

interface KnownKey {
  readonly key: ApiKey;
  readonly digest: Buffer;
}

/** How often the file is looked at, at most. */
const lookAgainMs = 1_000;

/**
 * The keys of `CMO_API_KEYS` and of the file of keys ({@link resolveKeysFile}). Null when there are neither: the server
 * then has no keys. Whoever has got a directory has keys for as long as the process lives: when the file is removed,
 * broken or emptied, those in it open nothing, and nothing is open without one.
 * @throws CmoError `config_invalid`, `config_unreadable` for what is there and cannot be used.
 */
export function openKeyDirectory(options: KeyDirectoryOptions): KeyDirectory | null {
  const { host, onWarning = () => {} } = options;
  const ofEnvironment = readEnvironmentKeys(host.env);
  const path = placeOf(options, ofEnvironment !== null);
  const opened = path === null ? null : readKeyFile(path);
  if (opened === null && ofEnvironment === null) return null;

  // Whoever has no known id is compared with this, so that it takes as long.
  const nobody = randomBytes(32);
  const always = knownKeys(ofEnvironment ?? [], "environment");
  let version = opened?.version ?? null;
  let lookedAt = host.clock.now();
  let known = new Map([...knownKeys(opened?.keys ?? [], "file"), ...always]);
  if (opened?.isOpenToOthers === true) onWarning(openToOthers(path));

  /** Reads the file again when it is another one than before. */
  function refresh(): void {
    const now = host.clock.now();
    if (path === null || (now >= lookedAt && now - lookedAt < lookAgainMs)) return;
    lookedAt = now;
    const current = currentVersion(path);
    if (current === version) return;
    version = current;
    try {
      const file = current === null ? null : readKeyFile(path);
      known = new Map([...knownKeys(file?.keys ?? [], "file"), ...always]);
      if (file === null) onWarning(`${path} is gone: the keys in it open nothing any more.`);
      else if (file.isOpenToOthers) onWarning(openToOthers(path));
    } catch (error) {
      known = new Map(always);
      onWarning(toCmoError(error));
    }
  }

  return {
    find(secret) {
      refresh();
      const candidate = known.get(keyIdOf(secret) ?? "");
      const isSame = timingSafeEqual(keyDigest(secret), candidate?.digest ?? nobody);
      return isSame && candidate !== undefined ? candidate.key : null;
    },
    list() {
      refresh();
      return [...known.values()].map(({ key }) => key);
    },
  };
}

/** Null where nobody knows a place for a file, and keys are given otherwise. */
function placeOf(place: KeysPlace, hasOthers: boolean): string | null {
  try {
    return resolveKeysFile(place);
  } catch (error) {
    if (hasOthers) return null;
    throw error;
  }
}

function knownKeys(keys: readonly StoredKey[], origin: ApiKey["origin"]): Map<string, KnownKey> {
  return new Map(
    keys.map((key) => [key.id, { key: apiKeyOf(key, origin), digest: Buffer.from(key.digest, "hex") }]),
  );
}

/** Null when there is no file. */
function currentVersion(path: string): string | null {
  try {
    return versionOf(statSync(path, { bigint: true }));
  } catch {
    return null;
  }
}

function openToOthers(path: string | null): string {
  return `${path} may be read by others than its owner: chmod 600 ${path}`;
}
