import { constants } from "node:fs";
import { type FileHandle, open, opendir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nearestName, type Result } from "@cmo/engine";

/**
 * Reads a text file of at most `maxBytes` bytes of UTF-8 (a byte order mark is dropped). Reads no more than one byte
 * past the limit, whatever the file claims about its size. A pipe is read to its end, but not waited for: nobody may ever
 * write to it. Never rejects: what is missing, not readable, not text, silent or too large is a problem that says so.
 */
export async function readBoundedText(
  path: string,
  maxBytes: number,
  { silenceMs = 5_000 }: { silenceMs?: number } = {},
): Promise<Result<string>> {
  try {
    // Without it, opening a pipe that nobody writes to would wait for ever.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await readOpenText(file, maxBytes, { silenceMs });
    } finally {
      await file.close();
    }
  } catch (thrown) {
    return problem(await explainFailure(path, thrown));
  }
}

/** As {@link readBoundedText}, of a file that was opened for reading. Rejects when reading fails. */
export async function readOpenText(
  file: FileHandle,
  maxBytes: number,
  { silenceMs = 5_000 }: { silenceMs?: number } = {},
): Promise<Result<string>> {
  const facts = await file.stat();
  if (facts.isDirectory()) return problem("is a folder, not a file");
  if (facts.isFile() && facts.size > maxBytes) return tooLarge(maxBytes, facts.size);
  const bytes = await readUpTo(file, maxBytes + 1, silenceMs);
  if (bytes === null) return problem("is a pipe that nothing comes from");
  if (bytes.byteLength === 0 && facts.isFIFO()) return problem("is a pipe that nobody writes to");
  return bytes.byteLength > maxBytes ? tooLarge(maxBytes, null) : decode(bytes);
}

/** Null when whoever writes to a pipe has been silent for too long. */
async function readUpTo(file: FileHandle, limit: number, silenceMs: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(limit);
  let filled = 0;
  let silentMs = 0;
  while (filled < limit) {
    const bytesRead = await readNow(file, bytes.subarray(filled));
    if (bytesRead === 0) break;
    if (bytesRead === null) {
      if (silentMs >= silenceMs) return null;
      await sleep(askAgainMs);
      silentMs += askAgainMs;
      continue;
    }
    silentMs = 0;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

const askAgainMs = 20;

/** How many bytes there were; null for a pipe that is open and has none yet. */
async function readNow(file: FileHandle, room: Uint8Array): Promise<number | null> {
  try {
    return (await file.read(room, 0, room.byteLength, null)).bytesRead;
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return null;
    throw error;
  }
}

function codeOf(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
}

function decode(bytes: Uint8Array): Result<string> {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return problem("is UTF-16 text; save it as UTF-8");
  }
  if (bytes.includes(0)) return problem("is not a text file: it holds zero bytes");
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(bytes), warnings: [] };
  } catch {
    return problem("is not UTF-8 text");
  }
}

function tooLarge(maxBytes: number, size: number | null): Result<never> {
  const found = size === null ? "larger" : `${Math.ceil(size / 1024)} KiB`;
  return problem(`is too large: at most ${Math.floor(maxBytes / 1024)} KiB are read, and it is ${found}`);
}

function problem(message: string): Result<never> {
  return { ok: false, problems: [{ path: [], message }] };
}

async function explainFailure(path: string, thrown: unknown): Promise<string> {
  const code = codeOf(thrown);
  switch (code) {
    case "ENOENT":
      return `does not exist${await namesBeside(path)}`;
    case "ENOTDIR":
      return "does not exist: a part of its path is a file";
    case "EACCES":
    case "EPERM":
      return "may not be read by this user; change its permissions";
    case "EISDIR":
      return "is a folder, not a file";
    default:
      return `cannot be read (${code === "" ? "unknown failure" : code})`;
  }
}

async function namesBeside(path: string): Promise<string> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(dirname(path))) {
      if (!entry.isDirectory()) names.push(entry.name);
      if (names.length === mostNamesBeside) break;
    }
  } catch {
    return "; nor does its folder, or it may not be read";
  }
  const near = nearestName(basename(path), names.sort());
  if (near !== null) return `; did you mean "${near}"?`;
  const extension = /\.[a-z]+$/i.exec(path)?.[0] ?? "";
  const alike = names.filter((name) => extension !== "" && name.endsWith(extension)).slice(0, 8);
  return alike.length === 0 ? "" : `; beside it are ${alike.join(", ")}`;
}

const mostNamesBeside = 1_000;
