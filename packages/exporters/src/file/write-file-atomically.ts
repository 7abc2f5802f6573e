import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CmoError } from "@cmo/engine";
import { exportError } from "./export-error.ts";
import { throwIfCancelled, untilAborted } from "./until-aborted.ts";

/** How {@link writeFileAtomically} writes. */
export interface AtomicWriteOptions {
  /** Ends the writing with `cancelled`; looked at before each piece, while one is awaited, and before the rename. */
  readonly signal?: AbortSignal;
  /** The permissions of the file. Default 0o600, its owner only: lead files hold personal data. */
  readonly mode?: number;
}

/**
 * Writes the pieces, texts as UTF-8, to a temporary file beside `path`, brings it to the disk and renames it: whoever looks,
 * also after a crash or a kill, finds the old file or the whole new one. The folder is made when it is missing. A piece
 * is asked for when the one before is written, so memory is bounded by the largest piece. On an error or an abort the
 * temporary file is removed; one that a killed process left is never read ({@link removeTemporaryFiles} removes it).
 *
 * Give a path whose last part went through `checkArtifactName`.
 *
 * @returns the size of the file in bytes.
 * @throws CmoError `export_failed` when the disk is full, the folder cannot be made or written, or a device, a pipe or a
 * socket is in the place of the file; `cancelled` after an abort; and what `pieces` throws, unchanged.
 */
export async function writeFileAtomically(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
  { signal, mode = 0o600 }: AtomicWriteOptions = {},
): Promise<{ bytes: number }> {
  throwIfCancelled(signal);
  const target = resolve(path);
  const folder = dirname(target);
  const temporary = join(folder, `${temporaryPrefix(target)}${randomUUID()}${temporarySuffix}`);
  await refuseDevice(target);
  await onDisk(target, () => makeFolder(folder));
  const file = await onDisk(target, () => open(temporary, "wx", mode));
  try {
    const bytes = await writeAndClose(target, file, pieces, signal);
    throwIfCancelled(signal);
    await onDisk(target, () => rename(temporary, target));
    await syncFolder(target, folder);
    return { bytes };
  } catch (error) {
    // After a rename there is nothing of that name. When it cannot be removed, the first error is the one to tell.
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** A rename would put a file in the place of a device such as /dev/null, for everybody on the machine. */
async function refuseDevice(target: string): Promise<void> {
  const found = await stat(target).catch(() => null);
  if (found === null || found.isFile() || found.isDirectory()) return;
  throw new CmoError("export_failed", `Could not write ${target}: it is a device, a pipe or a socket.`, {
    hint: "Name a file: only whole files are written, never a part into something else.",
  });
}

/** One folder after the other: Node's `recursive` never comes back from a place such as /proc, where none can be made. */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Another process may have been faster.
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Removes what killed writers of `path` left beside it. For erasing a job's files; not for while one is written.
 *
 * @returns how many there were.
 * @throws CmoError `export_failed` when one cannot be removed.
 */
export async function removeTemporaryFiles(path: string): Promise<number> {
  const target = resolve(path);
  const folder = dirname(target);
  const prefix = temporaryPrefix(target);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(prefix) && name.endsWith(temporarySuffix));
  for (const name of left) await onDisk(target, () => rm(join(folder, name), { force: true }));
  return left.length;
}

const temporarySuffix = ".tmp";

function temporaryPrefix(target: string): string {
  return `.${basename(target)}.`;
}

async function writeAndClose(
  target: string,
  file: FileHandle,
  pieces: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<number> {
  try {
    let bytes = 0;
    // One buffer for all pieces: a new one each would pile up until the collector runs (measured on Node 24).
    let buffer = Buffer.alloc(0);
    for await (const piece of untilAborted(pieces, signal)) {
      if (typeof piece !== "string") {
        await onDisk(target, () => writeWhole(file, piece));
        bytes += piece.length;
        continue;
      }
      const size = Buffer.byteLength(piece, "utf8");
      if (size > buffer.length) buffer = Buffer.allocUnsafeSlow(size * 2);
      const data = buffer.subarray(0, buffer.write(piece, "utf8"));
      await onDisk(target, () => writeWhole(file, data));
      bytes += size;
    }
    await onDisk(target, () => file.sync());
    return bytes;
  } finally {
    await file.close();
  }
}

/** A single write may take only a part, on a disk that is nearly full for instance. */
async function writeWhole(file: FileHandle, data: Uint8Array): Promise<void> {
  let written = 0;
  while (written < data.length) written += (await file.write(data, written)).bytesWritten;
}

/** Makes the rename itself durable. Some systems cannot sync a folder; there it is as durable as they make it. */
async function syncFolder(target: string, folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (!notForFolders.has(String(code))) throw exportError(error, target);
  }
}

const notForFolders: ReadonlySet<string> = new Set([
  "EINVAL",
  "EISDIR",
  "EPERM",
  "EACCES",
  "ENOTSUP",
  "EBADF",
]);

async function onDisk<T>(target: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw exportError(error, target);
  }
}
