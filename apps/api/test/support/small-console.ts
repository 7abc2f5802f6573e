import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConsoleFiles, readConsole } from "../../src/console/console-files.ts";

/** A console of three files, for tests that are about how it is served. */
export async function smallConsole(): Promise<ConsoleFiles> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-console-"));
  try {
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), page);
    await writeFile(
      join(folder, "assets", "index-1a2b3c4d.js"),
      `${"// long enough to compress\n".repeat(40)}`,
    );
    await writeFile(join(folder, "assets", "index-5e6f7a8b.css"), "body { margin: 0 }\n");
    const files = await readConsole(folder);
    if (files === null) throw new Error("The console was not found where it was written.");
    return files;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const page = `<!doctype html>
<title>cmo</title>
<script type="module" src="./assets/index-1a2b3c4d.js"></script>
`;
