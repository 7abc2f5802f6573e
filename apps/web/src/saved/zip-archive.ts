import { type BundleArchive, bundleError } from "@cmo/bundle/format";
import { type Reader, unzipRaw, type ZipEntry } from "unzipit";

/** More than the list of a bundle's entries takes; whoever lists millions is not read. */
const mostListBytes = 1024 * 1024;

/** The entries of a ZIP archive, of which only those that are asked for are read from the file. */
export async function openZipArchive(file: Blob): Promise<BundleArchive> {
  const { entries } = await unzipRaw(readerOf(file));
  return {
    entryCount: entries.length,
    entries: () =>
      entries.map((entry) => ({
        name: entry.name,
        bytes: entry.size,
        isEncrypted: entry.encrypted,
        content: () => contentOf(entry),
      })),
  };
}

function readerOf(
  file: Blob,
): Reader & { readStream(offset: number, length: number): Promise<ReadableStream> } {
  return {
    getLength: async () => file.size,
    async read(offset, length) {
      if (length > mostListBytes) throw bundleError("The archive's list of entries is too long.");
      return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
    },
    readStream: async (offset, length) => file.slice(offset, offset + length).stream(),
  };
}

/** The library ends it with an error as soon as there is more than the entry says. */
async function* contentOf(entry: ZipEntry): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = (await entry.stream()).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    // Whoever leaves early leaves nothing unpacking. What failed is told by the read.
    await reader.cancel().catch(() => {});
  }
}
