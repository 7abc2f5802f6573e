import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JobDiff, jobDiffSchema } from "@cmo/contract";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf } from "./support/campaign-place.ts";
import { runInProcess } from "./support/run-in-process.ts";

describe("cmo diff, over a store on disk", () => {
  let cwd: string;
  let first: string;
  let second: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), "cmo-diff-"));
    await writeFile(
      join(cwd, "small.yaml"),
      `name: small
params: { stars_range: ">=5", activity_days: 365, target_leads: 8 }
limits: { max_repos: 25 }
source: { type: simulator, seed: 5, repositories: 120 }
`,
    );
    first = await campaign();
    second = await campaign("--set", "scoring.weights.fit.stars=40", "--set", "target_leads=3");
  });
  afterAll(() => rm(cwd, { recursive: true }));

  const cmo = (...args: string[]) => runInProcess(args, { cwd, env: { CMO_STORE: join(cwd, "cmo.db") } });

  async function campaign(...args: string[]): Promise<string> {
    const { code, stdout } = await cmo(
      ...["run", "--config", "small.yaml", "--mode", "inproc", "--output", "json", ...args],
    );
    expect(code).toBe(0);
    return eventsOf(stdout)[0]?.jobId ?? "";
  }

  async function json(...args: string[]): Promise<{ code: number | null; diff: JobDiff }> {
    const { code, stdout } = await cmo("diff", ...args, "--output", "json");
    return { code, diff: v.parse(jobDiffSchema, JSON.parse(stdout)) };
  }

  it("ends with 0 when jobs are the same, and with 1 when they are not", async () => {
    const same = await cmo("diff", first, first);
    expect(same).toMatchObject({ code: 0, stderr: "" });
    expect(same.stdout).toContain("The same leads and the same summary.");
    const differing = await cmo("diff", first, second);
    expect(differing).toMatchObject({ code: 1, stderr: "" });
  });

  it("says in text what it says in JSON: keys, numbers, who came and went and changed, and why", async () => {
    const { code, diff } = await json(first, second);
    expect(code).toBe(1);
    const { stdout } = await cmo("diff", first, second);
    expect(stdout).toMatch(/^scoring\.weights\.fit\.stars +10 +40$/m);
    expect(stdout).toMatch(/^targetLeads +8 +3$/m);
    expect(stdout).toContain(
      `Leads: ${diff.added.count} added, ${diff.gone.count} gone, ${diff.changed.count} changed, `,
    );
    expect(diff.gone.leads.length).toBeGreaterThan(0);
    for (const { person, reason } of diff.gone.leads) {
      expect(stdout).toMatch(new RegExp(` ${person?.login} +${reason.text}$`, "m"));
    }
    const [changed] = diff.changed.leads;
    expect(stdout).toMatch(new RegExp(` ${changed?.login} +stars .* -> .*; `));
  });

  it("tells of so many of each kind, and how many there are", async () => {
    const { diff } = await json(first, second, "--limit", "1");
    expect(diff.gone.leads.length).toBe(1);
    const { stdout } = await cmo("diff", first, second, "--limit", "1");
    expect(stdout).toContain(`Gone: only in A (1 of ${diff.gone.count}; more with --limit)`);
  });

  it("tells what a fork would change, which is worked on here without a request", async () => {
    const { code, stdout, stderr } = await cmo("fork", first, "--set", "scoring.weights.activity.recency=0");
    expect(code).toBe(0);
    const fork = stdout.trim();
    expect(fork).toMatch(/^job_\w+$/);
    expect(stderr).toContain(`To work on it here: cmo run --resume ${fork}`);
    expect((await cmo("run", "--resume", fork, "--output", "silent")).code).toBe(0);
    const { diff } = await json(first, fork);
    expect(diff.b).toMatchObject({ parentJobId: first, status: "completed" });
    expect(diff.quota).toContainEqual({ key: "requests", a: expect.any(Number), b: 0 });
    expect(diff.spec).toContainEqual({ key: "scoring.weights.activity.recency", a: 15, b: 0 });
    expect(await cmo("fork", first, "--set", "target_leads=9")).toMatchObject({ code: 2, stdout: "" });
    expect(await cmo("fork", "job_none")).toMatchObject({ code: 4, stdout: "" });
    const asking = await cmo("fork", first, "--set", "target_leads=9", "--allow-requests");
    expect(asking.code).toBe(0);
    expect((await cmo("cancel", asking.stdout.trim())).code).toBe(0);
  });

  it("S31 tells of nobody who is suppressed by now", async () => {
    const { diff } = await json(first, second);
    const login = diff.gone.leads[0]?.person?.login ?? "";
    await cmo("suppress", "add", login);
    const { stdout } = await cmo("diff", first, second);
    expect(stdout).not.toContain(` ${login} `);
    expect(stdout).toContain("Not compared, since suppressed: 1 of A, ");
  });

  it("says what is wrong, with codes that are none of a difference", async () => {
    expect(await cmo("diff", first, "job_none")).toMatchObject({ code: 4, stdout: "" });
    expect(await cmo("diff", first)).toMatchObject({ code: 2 });
    expect(await cmo("diff", first, second, "--limit", "1001")).toMatchObject({ code: 2 });
    const { stdout } = await cmo("run", "--config", "small.yaml", "--mode", "inproc", "--detach");
    const waiting = await cmo("diff", first, stdout.trim());
    expect(waiting).toMatchObject({ code: 4, stdout: "" });
    expect(waiting.stderr).toContain("queued; its leads can be compared when it has ended");
  });
});
