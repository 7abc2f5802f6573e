import { type Cipher, createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Lines that are put aside for a moment: written, then read once from the start. */
export interface Spool {
  /** Puts a line aside; it holds no line end. */
  write(line: string): Promise<void>;
  /** Everything that was written. Nothing is written any more. */
  lines(): AsyncGenerator<string>;
  close(): Promise<void>;
}

/** As much is gathered before it is written to the disk, in characters. */
const batchLength = 65_536;

/**
 * A spool over a file that is made at the first write, has no name as soon as it is there, and cannot be read by
 * anybody else: what is in it is about people, and it may neither be found by whoever looks into the folder for
 * temporary files, nor come back from the disk after they were erased.
 */
export function openSpool(): Spool {
  const key = randomBytes(32);
  const start = randomBytes(16);
  let file: FileHandle | null = null;
  let folder: string | null = null;
  let cipher: Cipher | null = null;
  let batch = "";

  async function flush(): Promise<void> {
    if (batch === "") return;
    file ??= await openFile();
    cipher ??= createCipheriv("aes-256-ctr", key, start);
    const bytes = cipher.update(batch, "utf8");
    batch = "";
    await file.appendFile(bytes);
  }

  async function openFile(): Promise<FileHandle> {
    folder = await mkdtemp(join(tmpdir(), "cmo-spool-"));
    const opened = await open(join(folder, "spool"), "wx+", 0o600);
    await removeFolder();
    return opened;
  }

  /** Where a file that is open keeps its name, it loses it when it is closed. */
  async function removeFolder(): Promise<void> {
    if (folder === null) return;
    const path = folder;
    folder = await rm(path, { recursive: true, force: true }).then(
      () => null,
      () => path,
    );
  }

  return {
    async write(line) {
      batch += `${line}\n`;
      if (batch.length >= batchLength) await flush();
    },
    async *lines() {
      await flush();
      if (file === null) return;
      const decipher = createDecipheriv("aes-256-ctr", key, start);
      const decoder = new TextDecoder();
      const bytes = Buffer.allocUnsafeSlow(batchLength);
      let rest = "";
      for (let position = 0; ; ) {
        const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        rest += decoder.decode(decipher.update(bytes.subarray(0, bytesRead)), { stream: true });
        const lines = rest.split("\n");
        rest = lines.pop() ?? "";
        yield* lines;
      }
    },
    async close() {
      batch = "";
      await file?.close();
      file = null;
      await removeFolder();
    },
  };
}
