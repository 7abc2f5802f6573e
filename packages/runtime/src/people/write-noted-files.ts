import { rm } from "node:fs/promises";
import { CmoError, type ExportedPath, type Store } from "@cmo/engine";

/**
 * Writes files of what is stored in such a way that an erase finds them: their paths are noted before, and they are
 * written again when something was erased in the meantime, since a part may have been read before that.
 * @throws what `write` throws; `not_found` when the job itself was erased, and then none of the files is left.
 */
export async function writeNotedFiles<T>(
  store: Store,
  files: readonly ExportedPath[],
  write: () => Promise<T>,
): Promise<T> {
  for (let erasedAt = await newestErasure(store), isAgain = false; ; isAgain = true) {
    await store.noteFiles(files);
    const written = await write().catch(async (error) => {
      if (isAgain && error instanceof CmoError && error.code === "not_found") {
        for (const { path } of files) await rm(path, { force: true });
        await store.forgetFiles(files.map(({ path }) => path));
      }
      throw error;
    });
    const now = await newestErasure(store);
    if (now === erasedAt) return written;
    erasedAt = now;
  }
}

/** When somebody or something was last erased, in milliseconds since the epoch; null when nothing ever was. */
async function newestErasure(store: Store): Promise<number | null> {
  const [newest] = await store.listErasures(1);
  return newest?.at ?? null;
}
