import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { CmoError } from "@cmo/engine";
import * as v from "valibot";
import { type StoredKey, storedKeySchema } from "./stored-key.ts";

const keyFileSchema = v.strictObject({
  version: v.literal(1, "must be 1"),
  keys: v.pipe(
    v.array(storedKeySchema, "must be a list"),
    v.check((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, "must have each id once"),
  ),
});

/** A file of keys that was read. */
export interface KeyFile {
  readonly keys: readonly StoredKey[];
  /** Changes with the file. */
  readonly version: string;
  /** Whether others than its owner may read it. */
  readonly isOpenToOthers: boolean;
}

/**
 * Reads a file of keys; null when there is none. Nothing that stands in it is repeated in an error.
 * @throws CmoError `config_unreadable`, `config_invalid`; both name the file.
 */
export function readKeyFile(path: string): KeyFile | null {
  try {
    const file = openSync(path, "r");
    try {
      const facts = fstatSync(file, { bigint: true });
      if (!facts.isFile()) throw new CmoError("config_unreadable", `${path} is no file of keys.`);
      if (facts.size > mostBytes)
        throw new CmoError("config_invalid", `${path} is too large for a file of keys.`);
      const keys = parseKeys(readFileSync(file, "utf8"), path);
      return { keys, version: versionOf(facts), isOpenToOthers: isOpenToOthers(facts.mode) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof CmoError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new CmoError(
      "config_unreadable",
      `The keys in ${path} cannot be read (${code || "unknown failure"}).`,
      {
        hint: "Give whoever runs the server the right to read the file.",
        cause: error,
      },
    );
  }
}

/** What tells one state of a file from another. */
export function versionOf({ ino, size, mode, mtimeNs, ctimeNs }: FileFacts): string {
  return `${ino} ${size} ${mode} ${mtimeNs} ${ctimeNs}`;
}

/** The times of older file systems go by ticks of some milliseconds, in which rights may change more than once. */
interface FileFacts {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mode: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** Keys as the text of their file. */
export function renderKeyFile(keys: readonly StoredKey[]): string {
  return `${JSON.stringify({ version: 1, keys }, null, 2)}\n`;
}

/** Thousands of keys. */
const mostBytes = 4_194_304n;

/** Windows has no such bits, and Node gives some for every file there. */
function isOpenToOthers(mode: bigint): boolean {
  return process.platform !== "win32" && (mode & 0o077n) !== 0n;
}

function parseKeys(text: string, path: string): readonly StoredKey[] {
  const parsed = v.safeParse(keyFileSchema, parseJson(text, path));
  if (parsed.success) return parsed.output.keys;
  const [issue] = parsed.issues;
  const place = placeOf(issue);
  // The issue of a value that has the wrong type would repeat it.
  const what = issue.message.startsWith("must ") ? issue.message : "is not what it should be";
  throw broken(path, `${place === "" ? "the whole" : place} ${what}`);
}

/** Where an issue is, in names of ours only: an unknown key may be anything that was put there by mistake. */
function placeOf({ path }: v.BaseIssue<unknown>): string {
  const known: readonly unknown[] = [
    ...Object.keys(keyFileSchema.entries),
    ...Object.keys(storedKeySchema.entries),
  ];
  const keys = (path ?? []).map(({ key }) => key);
  return keys.filter((key) => typeof key === "number" || known.includes(key)).join(".");
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken(path, "it is no JSON");
  }
}

function broken(path: string, why: string): CmoError {
  return new CmoError("config_invalid", `${path} is not a file of keys: ${why}.`, {
    hint: "Mend it, or move it away and make new keys with: cmo keys create",
  });
}
