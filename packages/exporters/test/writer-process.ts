import { setTimeout as sleep } from "node:timers/promises";
import { CmoError } from "@cmo/engine";
import { writeFileAtomically } from "../src/file/write-file-atomically.ts";
import { versionPieces } from "./version-text.ts";

// A program to be killed: writes versions of a file and tells its parent, a line each, how far it is.
// Arguments: the way, the path, the first version.
const [way, path = "", firstVersion = "1"] = process.argv.slice(2);

switch (way) {
  // Stops for good before each piece, and goes on when the parent writes a line.
  case "stepwise":
    await writeFileAtomically(path, stepwise(Number(firstVersion)));
    process.stdout.write("written\n");
    break;
  // One version after the other, as fast as it can.
  case "restless":
    for (let version = Number(firstVersion); ; version++) {
      await writeFileAtomically(path, versionPieces(version));
      // The next one only when this line is out: a parent that does not read for a while must not miss any.
      await new Promise<void>((resolve) => process.stdout.write("written\n", () => resolve()));
    }
  // Once, and says how it ended.
  case "once":
  case "unprivileged":
    // Permissions do not bind root, so the process becomes nobody.
    if (way === "unprivileged" && process.getuid?.() === 0) process.setuid?.(65_534);
    try {
      await writeFileAtomically(path, versionPieces(Number(firstVersion)));
      process.stdout.write("written\n");
    } catch (error) {
      if (!(error instanceof CmoError)) throw error;
      process.stdout.write(
        `${JSON.stringify({ code: error.code, message: error.message, hint: error.hint })}\n`,
      );
    }
    break;
}

async function* stepwise(version: number): AsyncGenerator<string> {
  let step = 0;
  for await (const piece of versionPieces(version)) {
    process.stdout.write(`step ${step++}\n`);
    await new Promise((resolve) => process.stdin.once("data", resolve));
    yield piece;
  }
  process.stdout.write(`step ${step}\n`);
  await sleep(2 ** 31 - 1);
}
