import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCmo } from "./support/run-cmo.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "cmo-place-"));
  await writeFile(join(cwd, "small.yaml"), campaign);
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

const campaign = `name: small
params: { language: Go, stars_range: ">=10", target_leads: 5 }
source: { type: simulator, seed: 7, repositories: 200 }
`;
const run = ["run", "--config", "small.yaml", "--output", "silent"];

describe("The place where jobs are kept", () => {
  it("is the person's data folder when nothing else is said, for its owner alone", async () => {
    expect(await runCmo(run, { cwd })).toEqual({ code: 0, stdout: "", stderr: "" });
    const file = join(cwd, ".data", "cmo", "cmo.db");
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect((await stat(join(cwd, ".data", "cmo"))).mode & 0o077).toBe(0);
    const jobs = await runCmo(["jobs"], { cwd });
    expect(jobs.stdout).toMatch(/job_\w+ +completed +100%/);
    expect((await runCmo(["doctor"], { cwd })).stdout).toContain(file);
    const home = await runCmo(run, { cwd, env: { XDG_DATA_HOME: "" } });
    expect(home.code).toBe(0);
    expect(await readdir(join(cwd, ".local", "share", "cmo"))).toContain("cmo.db");
  });

  it("is nowhere with --store memory or CMO_STORE=memory", async () => {
    expect((await runCmo([...run, "--store", "memory"], { cwd })).code).toBe(0);
    expect((await runCmo(run, { cwd, env: { CMO_STORE: "memory" } })).code).toBe(0);
    expect((await readdir(cwd)).sort()).toEqual(["exports", "small.yaml"]);
    expect((await runCmo(["jobs", "--store", "memory"], { cwd })).stderr).toContain(
      "Leave out --store memory",
    );
  });

  it.each([
    ["no home", { HOME: "", XDG_DATA_HOME: "" }],
    ["a home that is a file", { HOME: "/dev/null", XDG_DATA_HOME: "" }],
    ["a data folder that cannot be made", { XDG_DATA_HOME: "/proc/none" }],
  ])("cannot be made with %s: the run says so with the way out, and begins nothing", async (_what, env) => {
    const { code, stdout, stderr } = await runCmo(run, { cwd, env });
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain("--store memory");
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(cwd)).toEqual(["small.yaml"]);
    expect((await runCmo([...run, "--store", "memory"], { cwd, env })).code).toBe(0);
  });

  it("cannot be made in a folder that may not be written, unless by whoever may do everything", async () => {
    await mkdir(join(cwd, ".data"));
    await chmod(join(cwd, ".data"), 0o500);
    const { code, stderr } = await runCmo(run, { cwd });
    const mayDoEverything = process.getuid?.() === 0;
    expect(code).toBe(mayDoEverything ? 0 : 1);
    if (!mayDoEverything) expect(stderr).toContain("--store memory");
  });
});
