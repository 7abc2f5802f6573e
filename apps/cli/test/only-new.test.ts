import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf } from "./support/campaign-place.ts";
import { runInProcess } from "./support/run-in-process.ts";

describe("cmo run --only-new, over a store on disk", () => {
  let cwd: string;
  let first: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), "cmo-only-new-"));
    await writeFile(
      join(cwd, "small.yaml"),
      `name: small
params: { stars_range: ">=5", activity_days: 365, target_leads: 5 }
limits: { max_repos: 25 }
source: { type: simulator, seed: 5, repositories: 120 }
`,
    );
    expect((await cmo("validate", "--config", "small.yaml", "--set", "only_new=true")).stdout).toContain(
      "  new     everybody: no earlier run of this campaign is kept\n",
    );
    first = await campaign();
  });
  afterAll(() => rm(cwd, { recursive: true }));

  const cmo = (...args: string[]) => runInProcess(args, { cwd, env: { CMO_STORE: join(cwd, "cmo.db") } });
  const run = (...args: string[]) => cmo("run", "--config", "small.yaml", "--mode", "inproc", ...args);

  async function campaign(...args: string[]): Promise<string> {
    const { code, stdout } = await run("--output", "json", ...args);
    expect(code).toBe(0);
    return eventsOf(stdout)[0]?.jobId ?? "";
  }

  async function linesOf<T>(...args: string[]): Promise<T[]> {
    const { stdout } = await cmo(...args);
    return stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as T]));
  }

  /** The ids of all jobs, newest first. */
  const jobs = async () => (await linesOf<{ id: string }>("jobs", "--output", "json")).map(({ id }) => id);
  const exported = async (jobId: string) =>
    (await linesOf<{ nodeId: string }>("leads", jobId, "--contactable", "--format", "ndjson")).map(
      ({ nodeId }) => nodeId,
    );

  it("names the baseline without running, and writes and asks nothing then", async () => {
    for (const args of [["--only-new"], ["--set", "only_new=true"]]) {
      const { code, stdout } = await run("--dry-run", ...args);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`onlyNew:\n {2}baseline:\n {4}jobId: ${first}\n`));
    }
    const { stdout } = await cmo("validate", "--config", "small.yaml", "--set", "only_new=true");
    expect(stdout).toContain(`  new     whom no run exported up to ${first}, which ended at `);
    expect((await cmo("validate", "--config", "small.yaml")).stdout).not.toContain("  new ");
    expect(await jobs()).toHaveLength(1);
  });

  it("exports others than the first run, says whom it met again, and lists them compared", async () => {
    const { code, stdout } = await run("--only-new", "--output", "plain");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Only new since ${first}: \\d+ known people were met again`));
    expect(stdout).toMatch(/known \d+/);
    const [second] = await jobs();
    expect((await cmo("show", second ?? "", "--config")).stdout).toContain("only_new=true");
    const before = new Set(await exported(first));
    const now = await exported(second ?? "");
    expect(now).toHaveLength(5);
    expect(now.filter((id) => before.has(id))).toEqual([]);
    const diff = await cmo("diff", first, second ?? "");
    expect(diff.stdout).toMatch(/B counts who is new from A: \d+ known met again, \d+ compared, 0 changed\./);
    expect(diff.stdout).toContain("exported before that job, which counts only who is new");
  });

  it("cannot be said of a job that is gone on with", async () => {
    expect(await cmo("run", "--resume", first, "--only-new")).toMatchObject({ code: 2 });
  });
});
