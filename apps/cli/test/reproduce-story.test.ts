import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNodeHost } from "@cmo/runtime";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runProgram } from "../src/program/run-program.ts";
import { createFakeTerminal } from "./support/fake-terminal.ts";

const story = new URL("../../../docs/reproduce.md", import.meta.url);

let here: string;
let elsewhere: string;
beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), "cmo-story-"));
  elsewhere = await mkdtemp(join(tmpdir(), "cmo-desk-"));
});
afterEach(async () => {
  await rm(here, { recursive: true });
  await rm(elsewhere, { recursive: true });
});

/** Runs a command line in this process, in a folder, with a store there. */
async function cmo(cwd: string, line: string) {
  const { terminal, output, errors } = createFakeTerminal();
  const host = Object.defineProperties(Object.create(createNodeHost()), {
    cwd: { value: cwd },
    env: { value: { CMO_MODE: "inproc", CMO_STORE: "store.db" } },
  });
  const interrupts = { signal: new AbortController().signal };
  const code = await runProgram(line.split(" ").slice(1), { terminal, interrupts, host });
  return { code, output: output(), errors: errors() };
}

it("docs/reproduce.md: its campaign fails, and its commands bring the failure to another desk", async () => {
  const text = await readFile(story, "utf8");
  const section = text.split("## The whole story, once")[1]?.split("\n## ")[0] ?? "";
  const blocks = [...section.matchAll(/```(yaml)?\n([^`]*)```/g)];
  const campaign = blocks.find(([, language]) => language === "yaml")?.[2] ?? "";
  const commands = blocks.flatMap(([, language, body = ""]) =>
    language === "yaml" ? [] : body.trim().split("\n"),
  );
  const [run = "", bundle = "", ...there] = commands;
  expect(there).toHaveLength(3);
  await writeFile(join(here, "failing.yaml"), campaign);

  const failed = await cmo(here, run);
  expect(failed).toMatchObject({ code: 1 });
  const jobId = /cmo bundle (\S+)/.exec(failed.output + failed.errors)?.[1] ?? "";
  const written = await cmo(here, bundle.replace("JOB", jobId));
  expect(written).toMatchObject({ code: 0, output: `exports/${jobId}_bundle.zip\n` });
  await writeFile(join(elsewhere, `${jobId}_bundle.zip`), await readFile(join(here, written.output.trim())));

  const [shown, watched, replayed] = await Promise.all(
    there.map((line) => cmo(elsewhere, line.replace("JOB", jobId))),
  );
  expect(shown).toMatchObject({ code: 0, output: expect.stringContaining(": failed") });
  expect(watched).toMatchObject({ code: 1, output: expect.stringContaining("enrichment 100/170") });
  expect(replayed).toMatchObject({ code: 0 });
  const said = /`(identical: )… (\([^)]*\))`/.exec(section);
  expect(replayed?.output).toContain(said?.[1]);
  expect(replayed?.output).toContain(said?.[2]);
});
