import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBundle } from "@cmo/bundle";
import { createNodeHost, type Host } from "@cmo/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommandContext } from "../src/command/command-context.ts";
import { showConfig } from "../src/command/show-config.ts";
import { runProgram } from "../src/program/run-program.ts";
import { createFakeTerminal } from "./support/fake-terminal.ts";

const campaign = `name: small
params: { stars_range: ">=5", activity_days: 365, target_leads: 10 }
limits: { max_repos: 10 }
source: { type: simulator, seed: 5, repositories: 60 }
`;

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "cmo-bundle-"));
  await writeFile(join(cwd, "small.yaml"), campaign);
});
afterEach(() => rm(cwd, { recursive: true }));

/** Runs a command line in this process. */
async function cmo(...args: string[]) {
  const { terminal, output, errors } = createFakeTerminal();
  const host = hostHere();
  const interrupts = { signal: new AbortController().signal };
  const code = await runProgram(args, { terminal, interrupts, host });
  return { code, output: output(), errors: errors() };
}

function hostHere(): Host {
  return Object.defineProperties(Object.create(createNodeHost()), {
    cwd: { value: cwd },
    env: { value: { CMO_MODE: "inproc", CMO_STORE: "store.db" } },
  });
}

async function ended(): Promise<string> {
  expect((await cmo("run", "--config", "small.yaml", "--output", "silent")).code).toBe(0);
  const [job] = (await cmo("jobs", "--output", "json")).output.split("\n");
  return JSON.parse(job ?? "").id;
}

describe("cmo bundle, replay and verify", () => {
  it("write a run into one file for its owner, replay it to the same, and find it whole", async () => {
    const jobId = await ended();
    const written = await cmo("bundle", jobId, "--full");
    expect(written).toMatchObject({ code: 0, output: `exports/${jobId}_bundle.zip\n` });
    expect(written.errors).toContain("keep it as you keep the store");
    const path = join(cwd, "exports", `${jobId}_bundle.zip`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    const replayed = await cmo("replay", `exports/${jobId}_bundle.zip`);
    expect(replayed).toMatchObject({ code: 0, errors: "" });
    expect(replayed.output).toMatch(/^identical: job_/);
    const json = JSON.parse((await cmo("replay", path, "--output", "json")).output);
    expect(json).toEqual({ jobId, verdict: "identical", divergences: [], decisions: [], notes: [] });

    const files = (await readdir(join(cwd, "exports"))).map((name) => `exports/${name}`);
    const verified = await cmo("verify", ...files);
    expect(verified.code).toBe(0);
    expect(verified.output.trim().split("\n")).toHaveLength(4);

    // A job by its id alone.
    expect(await cmo("verify", jobId)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^ok {6}job_\w+: the log is whole: \d+ events, all \d+ canonical/),
    });
    await expect(cmo("verify", "job_nobody")).resolves.toMatchObject({ code: 4 });

    // Without the bundle, the log of the store says what the files are to be.
    const csv = `exports/${jobId}_leads.csv`;
    expect((await cmo("verify", csv)).code).toBe(0);
    await writeFile(join(cwd, csv), (await readFile(join(cwd, csv), "utf8")).replace("@", "%"));
    expect(await cmo("verify", csv)).toMatchObject({ code: 1, output: expect.stringMatching(/^CHANGED/m) });

    const bytes = await readFile(path);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect((await cmo("verify", path)).code).toBe(1);
    expect(await cmo("replay", path)).toMatchObject({
      code: 1,
      errors: expect.stringContaining("do not match the seal"),
    });
  });

  it("say of a fork whose job was erased that answers may be missing, and still write it for one's own archive", async () => {
    const parent = await ended();
    const fork =
      (await cmo("fork", parent, "--set", "target_leads=2")).output.trim().split("\n").at(-1) ?? "";
    expect((await cmo("run", "--resume", fork, "--output", "silent")).code).toBe(0);
    expect((await cmo("purge", "--job", parent, "--yes")).code).toBe(0);
    const written = await cmo("bundle", fork, "--full");
    expect(written.code).toBe(0);
    expect(written.errors).toContain(`Job ${parent}, from which this one had answers, was erased`);
    const replayed = await cmo("replay", `exports/${fork}_bundle.zip`);
    expect(replayed.code).toBe(1);
    expect(replayed.output).toContain(`Job ${parent} was erased before the bundle was written`);
  });

  it("keep the config with the job as it was written, in a full bundle too, and show it", async () => {
    const written = `${campaign}# ask ada@lovelace.example\nsuppress: [zq-nobody]\n`;
    await writeFile(join(cwd, "small.yaml"), written);
    const ran = await cmo("run", "--config", "small.yaml", "--output", "silent", "--set", "target_leads=3");
    expect(ran.code).toBe(0);
    const [job] = (await cmo("jobs", "--output", "json")).output.split("\n");
    const jobId = JSON.parse(job ?? "").id;
    const kept = `${campaign}# ask [address]\nsuppress: [] # cut out: a job holds only keyed hashes of these\n# --set target_leads=3\n`;
    expect(await cmo("show", jobId, "--config")).toMatchObject({ code: 0, output: kept });
    await cmo("bundle", jobId, "--full", "--out", "full.zip");
    await cmo("bundle", jobId, "--out", "shared.zip");
    const full = await openBundle(join(cwd, "full.zip"));
    const shared = await openBundle(join(cwd, "shared.zip"));
    expect([full.manifest.version, await full.config()]).toEqual([2, kept]);
    expect([shared.manifest.version, await shared.config()]).toEqual([1, null]);
    await full.close();
    await shared.close();
    expect(await cmo("show", "full.zip", "--config")).toEqual({ code: 0, output: kept, errors: "" });
    expect(JSON.parse((await cmo("show", "full.zip", "--config", "--output", "json")).output)).toEqual({
      jobId,
      config: kept,
    });
    expect(await cmo("show", "shared.zip", "--config")).toMatchObject({
      code: 0,
      output: "",
      errors: expect.stringContaining("a bundle to be shared holds none"),
    });
    expect((await cmo("replay", "full.zip")).code).toBe(0);
  });

  it.each(["bundle", "bundle --full", "export --exports given-up", "replay", "verify"])(
    "%s ends at an interrupt, and leaves no part of a file and no note",
    async (command) => {
      const jobId = await ended();
      await cmo("bundle", jobId, "--full", "--out", "full.zip");
      const before = (await readdir(cwd, { recursive: true })).sort();
      const name = /^(?:bundle|export)/.test(command) ? jobId : "full.zip";
      const more = command.startsWith("bundle") ? ["--out", "given-up.zip"] : [];
      const { terminal, output, errors } = createFakeTerminal();
      const interrupt = new AbortController();
      const running = runProgram([...command.split(" "), name, ...more], {
        terminal,
        interrupts: interrupt,
        host: hostHere(),
      });
      interrupt.abort();
      expect(await running).toBe(130);
      expect([output(), errors()]).toEqual(["", expect.stringMatching(/Interrupted|cancelled/)]);
      const isOurs = (path: string) => !path.startsWith("store.db");
      expect((await readdir(cwd, { recursive: true })).sort().filter(isOurs)).toEqual(before.filter(isOurs));
      expect((await cmo("show", jobId)).output).not.toContain("given-up");
    },
  );

  it("show the config in a stranger's bundle on a screen without what would move its cursor", async () => {
    const config = "name: \u001b[2Jsmall\nparams:\n  language: Go\n";
    const { terminal, output } = createFakeTerminal({ columns: 80 });
    const context = { terminal } as CommandContext;
    await showConfig({ jobId: "job_strange", config, why: "" }, { output: "text" }, context);
    expect(output()).toBe("name: [2Jsmall\nparams:\n  language: Go\n");
  });

  it("tell what an erase has left from what was changed", async () => {
    const jobId = await ended();
    const csv = `exports/${jobId}_leads.csv`;
    const [, row] = (await readFile(join(cwd, csv), "utf8")).split("\n");
    expect((await cmo("purge", "--person", row?.split(",")[1] ?? "", "--yes")).code).toBe(0);
    const verified = await cmo("verify", csv);
    expect(verified).toMatchObject({
      code: 0,
      output: expect.stringMatching(/people were erased on 20\d\d/),
    });
    expect(verified.output).toMatch(new RegExp(`^reduced ${csv}: \\d+ of \\d+ rows`, "m"));
    await writeFile(join(cwd, csv), (await readFile(join(cwd, csv), "utf8")).replace("@", "%"));
    expect(await cmo("verify", csv)).toMatchObject({ code: 1, output: expect.stringMatching(/^CHANGED/m) });
  });

  it("write it for others unless they are told otherwise, in a file that names nobody and replays", async () => {
    const jobId = await ended();
    const leads = JSON.parse((await cmo("leads", jobId, "--format", "json")).output).leads;
    const written = await cmo("bundle", jobId, "--out", "shared.zip");
    expect(written).toMatchObject({ code: 0, output: "shared.zip\n" });
    expect((await cmo("verify", "shared.zip")).code).toBe(0);
    expect(await cmo("replay", "shared.zip")).toMatchObject({
      code: 0,
      output: expect.stringContaining("pseudonyms"),
    });
    const bundle = await openBundle(join(cwd, "shared.zip"));
    const summary = JSON.stringify(await bundle.summary());
    await bundle.close();
    for (const { login } of leads) expect(summary).not.toContain(login);
  });

  it("show the run in a bundle as it ran, and what it came to, as of a job of the store", async () => {
    const jobId = await ended();
    await cmo("bundle", jobId, "--full", "--out", "full.zip");
    const shown = await cmo("show", "full.zip");
    expect(shown).toMatchObject({ code: 0, errors: "" });
    expect(shown.output).toContain(`run       ${jobId}: completed`);
    const { bundle, summary } = JSON.parse((await cmo("show", "full.zip", "--output", "json")).output);
    expect(bundle).toMatchObject({ jobId, kind: "full" });
    expect(summary).toEqual(JSON.parse((await cmo("show", jobId, "--output", "json")).output).summary);

    const plain = ["--output", "plain"];
    const watched = await cmo("watch", "full.zip", ...plain);
    const ofStore = await cmo("watch", jobId, ...plain);
    expect(watched.code).toBe(0);
    expect(watched.output.split("To run it again")[0]).toBe(ofStore.output.split("Its files")[0]);

    const events = ["--output", "json", "--from", "5", "--channels", "stage"];
    expect((await cmo("watch", "full.zip", ...events)).output).toBe(
      (await cmo("watch", jobId, ...events)).output,
    );
    expect(await cmo("watch", "nothing.zip")).toMatchObject({ code: 4 });
    expect(await cmo("show", "small.yaml.zip")).toMatchObject({ code: 4 });
  });

  it("say what is wrong with what they are told", async () => {
    expect(await cmo("bundle", "job_nobody", "--full")).toMatchObject({ code: 4 });
    expect(await cmo("replay", "nothing.zip")).toMatchObject({ code: 4 });
    expect(await cmo("verify", "notes.txt")).toMatchObject({ code: 2 });
    expect(await cmo("verify", "job_nobody_leads.csv")).toMatchObject({ code: 4 });
  });
});
