import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runGhAuthToken } from "./run-gh-auth-token.ts";

let folder: string;
let path: string | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-gh-"));
  path = process.env.PATH;
});

afterEach(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true });
});

test("without the command there is no token", async () => {
  process.env.PATH = folder;
  expect(await runGhAuthToken("github.com")).toBeNull();
});

// The stand-in for the command is a shell script, which Windows does not run.
describe.skipIf(process.platform === "win32")("with a command of that name (a shell script)", () => {
  async function install(script: string) {
    await writeFile(join(folder, "gh"), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, "gh"), 0o755);
    process.env.PATH = `${folder}${delimiter}${path}`;
  }

  test("the token is what it prints for the host", async () => {
    await install('[ "$*" = "auth token --hostname git.example" ] && echo gho_mine');
    expect(await runGhAuthToken("git.example")).toBe("gho_mine");
    expect(await runGhAuthToken("github.com")).toBeNull();
  });

  test("a command that does not answer is given up", async () => {
    await install("exec sleep 60");
    expect(await runGhAuthToken("github.com", 50)).toBeNull();
  });
});
