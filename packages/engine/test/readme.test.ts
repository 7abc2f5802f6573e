import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { bundleNeutral } from "./support/bundle.ts";

const readme = new URL("../README.md", import.meta.url);

it("the example of the README runs as it stands, and writes what the README says", async () => {
  const [code = "", output = ""] = [
    ...(await readFile(readme, "utf8")).matchAll(/```(?:ts)?\n(.*?)```/gs),
  ].map((match) => match[1] ?? "");
  const folder = await mkdtemp(join(tmpdir(), "cmo-readme-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { text } = await bundleNeutral("", {
    entryPoints: undefined,
    stdin: { contents: code, loader: "ts", resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    alias: { "@cmo/engine": fileURLToPath(new URL("../src/index.ts", import.meta.url)) },
    external: ["node:*"],
    platform: "node",
    format: "esm",
    globalName: undefined,
  });
  const program = join(folder, "example.mjs");
  await writeFile(program, text);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]);
  const withoutId = (written: string) => written.replace(/job_[0-9a-z]{20}/, "JOB");
  expect(stderr).toBe("");
  expect(withoutId(stdout)).toBe(withoutId(output));
});
