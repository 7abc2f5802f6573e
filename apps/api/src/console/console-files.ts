import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A file of the console as it is served. */
export interface ConsoleFile {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  /** Of the bytes; quoted, as `ETag` has it. */
  readonly tag: string;
}

/** The console as it was built: a page, and what it fetches. A few hundred kilobytes, held in memory. */
export interface ConsoleFiles {
  readonly page: ConsoleFile;
  /** By name; names hold a digest of what is in them. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

/** Where the build puts the console: beside the built API. */
export const builtConsole = fileURLToPath(new URL("./console", import.meta.url));

/** Reads a built console; null where none was built. */
export async function readConsole(folder: string): Promise<ConsoleFiles | null> {
  if (!existsSync(join(folder, "index.html"))) return null;
  const names = await readdir(join(folder, "assets"));
  const assets = await Promise.all(
    names.map(async (name) => [name, await readConsoleFile(join(folder, "assets", name))] as const),
  );
  return { page: await readConsoleFile(join(folder, "index.html")), assets: new Map(assets) };
}

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const compress = promisify(gzip);

async function readConsoleFile(path: string): Promise<ConsoleFile> {
  const bytes = await readFile(path);
  return {
    mediaType: mediaTypes[extname(path)] ?? "application/octet-stream",
    bytes,
    gzipped: await compress(bytes, { level: 9 }),
    tag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
  };
}
