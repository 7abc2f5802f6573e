import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChaosVerdict } from "@cmo/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCmo, startCmo } from "./support/run-cmo.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "cmo-chaos-cli-"));
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

const smoke = fileURLToPath(new URL("../../../config/smoke.yaml", import.meta.url));

/** The smoke campaign, with few repositories. */
const small = [
  "chaos",
  "--config",
  smoke,
  ...["source.repositories=200", "limits.max_repos=4", "limits.people_per_repo=1", "target_leads=3"].flatMap(
    (value) => ["--set", value],
  ),
];

describe("cmo chaos", () => {
  it("S13 says that the smoke campaign is identical at each point, and which points these were", async () => {
    const { code, stdout, stderr } = await runCmo([...small, "--every", "4", "--no-emoji"], { cwd });
    expect(stderr).toBe("");
    expect(stdout).not.toContain("\u001B");
    expect(stdout).toMatch(/^ {2}undisturbed {2}completed: \d+ leads, \d+ of them contactable$/m);
    expect(stdout).toMatch(/^point 1 of \d+: before [\w.]+ \(effect 4\)$/m);
    expect(stdout).toMatch(/^store\.updateJob +\d+ +\d+$/m);
    expect(stdout).toMatch(/\nIdentical at \d+ of \d+ points, at most \d extra requests?\.\n$/);
    expect(code).toBe(0);
    // Nothing of the person's own was touched.
    expect(await readdir(cwd)).toEqual([]);
  });

  it("S41 prints one JSON verdict and nothing else with --output json", async () => {
    const args = [...small, "--points", "20", "--moment", "after", "--store", "memory", "--output", "json"];
    const { code, stdout, stderr } = await runCmo(args, { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    const verdict: ChaosVerdict = JSON.parse(stdout);
    expect(verdict).toMatchObject({
      verdict: "identical",
      points: { possible: verdict.effects, chosen: 20, covered: 20 },
      store: "memory",
      seed: 1,
      differing: [],
    });
    expect(stdout).toBe(`${JSON.stringify(verdict)}\n`);
  });

  it("asks nothing of GitHub, and says that a simulated one stands in for it", async () => {
    await writeFile(
      join(cwd, "real.yaml"),
      "params: { language: Go, target_leads: 3 }\nsource: github\nlimits: { max_repos: 3, people_per_repo: 1 }\n",
    );
    const args = ["chaos", "--config", "real.yaml", "--points", "6"];
    const env = { GITHUB_API_URL: "http://127.0.0.1:9/api/v3" };
    const { code, stdout } = await runCmo(args, { cwd, env });
    expect(stdout).toContain("nothing is asked of GitHub");
    expect(stdout).toMatch(/Identical at 6 of [\d,]+ points/);
    expect(code).toBe(0);
  });

  it("ends at the next point when it is interrupted, with what it knows so far and 130", async () => {
    const { child, said, ended } = startCmo([...small, "--points", "all"], { cwd });
    await said("point 1 of");
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(stdout).toMatch(/Interrupted: identical at \d+ of \d+ points/);
    expect(code).toBe(130);
  });

  it.each([
    [["--every", "0"], /whole number/],
    [["--points", "many"], /whole number, or all/],
    [["--every", "2", "--points", "3"], /cannot be used with/],
    [["--moment", "during"], /before, after, both/],
    [["--store", "disk"], /sqlite, memory/],
    [["--set", "langage=Go"], /did you mean "language"/],
  ])("refuses %j with 2, and starts nothing", async (args, message) => {
    const { code, stdout, stderr } = await runCmo([...small, ...args], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
  });
});
