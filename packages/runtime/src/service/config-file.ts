import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "@cmo/engine";
import { readOpenText } from "../config/read-bounded-text.ts";

/** The text of a config in the server's folder, and where it stands. */
export interface ConfigFile {
  readonly text: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * Reads a config that a request names: a bare name of a plain file in that folder. Nothing that the name says leads out
 * of the folder; a link is not followed, nor a file that took another's place while it was opened; and what is told of
 * a name that does not do says nothing of what else is in the folder.
 */
export async function readConfigFile(directory: string, name: string): Promise<Result<ConfigFile>> {
  if (!isBareName(name)) {
    return problem(`must be the bare name of a .yaml file, found ${JSON.stringify(name.slice(0, 60))}`);
  }
  try {
    const path = join(await realpath(directory), name);
    const seen = await lstat(path, { bigint: true });
    if (!seen.isFile()) return problem("is no plain file of the server's config folder");
    // Without O_NONBLOCK, a pipe that takes the file's place would be waited for.
    const file = await open(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    try {
      return await readSame(file, seen, path);
    } finally {
      await file.close();
    }
  } catch (error) {
    return problem(
      codeOf(error) === "ENOENT"
        ? "is not there in the server's config folder"
        : "cannot be read in the server's config folder",
    );
  }
}

/** The largest config that is read, in bytes. */
const mostBytes = 256 * 1024;

async function readSame(
  file: FileHandle,
  seen: { dev: bigint; ino: bigint },
  path: string,
): Promise<Result<ConfigFile>> {
  const facts = await file.stat({ bigint: true });
  if (!facts.isFile() || facts.dev !== seen.dev || facts.ino !== seen.ino) {
    return problem("is no plain file of the server's config folder");
  }
  const text = await readOpenText(file, mostBytes);
  if (text.ok) return { ...text, value: { text: text.value, path } };
  return { ok: false, problems: text.problems.map((one) => ({ ...one, path: ["config_path"] })) };
}

/** A letter or digit first: no hidden file, no `..`, no drive and no device, and no separator of any system. */
function isBareName(name: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,195}\.ya?ml$/iu.test(name) && !name.includes("..");
}

function problem(message: string): Result<never> {
  return { ok: false, problems: [{ path: ["config_path"], message }] };
}

function codeOf(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
}
