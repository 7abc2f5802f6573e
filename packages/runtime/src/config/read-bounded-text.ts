import { open, opendir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { nearestName, type Result } from "@cmo/engine";

/**
 * Reads a text file of at most `maxBytes` bytes of UTF-8 (a byte order mark is dropped). Reads no more than one byte
 * past the limit, whatever the file claims about its size. Never rejects: what is missing, not readable, not text or
 * too large is a problem that says so.
 */
export async function readBoundedText(path: string, maxBytes: number): Promise<Result<string>> {
  try {
    const file = await open(path, "r");
    try {
      const facts = await file.stat();
      if (facts.isDirectory()) return problem("is a folder, not a file");
      if (facts.isFile() && facts.size > maxBytes) return tooLarge(maxBytes, facts.size);
      const bytes = await readUpTo(file, maxBytes + 1);
      return bytes.byteLength > maxBytes ? tooLarge(maxBytes, null) : decode(bytes);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    return problem(await explainFailure(path, thrown));
  }
}

async function readUpTo(file: Awaited<ReturnType<typeof open>>, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit);
  let filled = 0;
  while (filled < limit) {
    const { bytesRead } = await file.read(bytes, filled, limit - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
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
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
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
