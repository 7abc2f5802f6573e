import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@cmo/client";
import { buildSummary } from "@cmo/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventsOf } from "./support/campaign-place.ts";
import { expectGapless, outcomeOf, undisturbed } from "./support/outcome.ts";
import { openServedPlace, type ServedPlace, startServer } from "./support/served-place.ts";

let served: ServedPlace;
beforeEach(async () => {
  served = await openServedPlace();
});
afterEach(async () => {
  await served.close();
});

const run = ["run", "--config", "small.yaml", "--mode", "api"];

/** A file of the job as the server serves it. */
async function servedFile(jobId: string, name: string): Promise<string> {
  const { pieces } = await createClient({ baseUrl: served.url }).artifact(jobId, name);
  const bytes: Uint8Array[] = [];
  for await (const piece of pieces) bytes.push(Buffer.from(piece));
  return Buffer.concat(bytes).toString("latin1");
}

describe("cmo run through the API", () => {
  it("S01 S41 prints the events that a run here prints, and writes the files that are served, byte for byte", async () => {
    const presets = ["--preset", "attio", "--preset", "hubspot"];
    const { code, stdout, stderr } = await served.ask([...run, ...presets, "--output", "json"]);
    expect(code).toBe(0);
    const events = eventsOf(stdout);
    expectGapless(events);
    const jobId = events[0]?.jobId ?? "";
    // The same log, printed by a process that reads the store itself.
    const here = await served.place.run(["watch", jobId, "--output", "json"]);
    expect(stdout).toBe(here.stdout);
    expect(stderr).toMatch(/^Running through the API at http:\/\/127\.0\.0\.1:\d+\.\n/);

    const names = await served.place.files();
    expect(names).toHaveLength(5);
    for (const name of names) {
      expect(stderr).toContain(join("exports", name));
      const written = await readFile(join(served.place.cwd, "exports", name), "latin1");
      expect(written, name).toBe(await servedFile(jobId, name));
    }
    const asked = (await readdir(join(served.place.cwd, "exports"))).filter((name) => name.endsWith(".tmp"));
    expect(asked).toEqual([]);
    // And the same campaign comes to the same in a process of its own, with no other that takes it first.
    await served.kill();
    const reference = await undisturbed(served.place, jobId);
    expect(await outcomeOf(served.place, jobId)).toEqual(reference.outcome);
  });

  it("S39 shows plain lines without control codes, and ends with the report of a run here", async () => {
    const through = await served.ask([...run, "--no-emoji"], { NO_COLOR: "1" });
    expect(through.code).toBe(0);
    expect(through.stdout).not.toContain("\u001B");
    expect(through.stdout).toMatch(/^== job_/);
    const here = await served.place.run(["run", "--config", "small.yaml", "--no-emoji", "--fresh"]);
    const report = (text: string) =>
      text
        .slice(text.indexOf("\nOK "))
        .replaceAll(/job_\w+/g, "JOB")
        .replace(/ in [\d.]+ m?s\b/, "")
        .replace(/Asked the source: .*/, "");
    expect(report(through.stdout)).toBe(report(here.stdout));
  });

  it("S41 says nothing but events on stdout, and nothing at all when silent and well", async () => {
    expect(await served.ask([...run, "--output", "silent"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await served.place.files()).toHaveLength(3);
    const wrong = await served.ask([...run, "--output", "json", "--set", "langage=Go"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
  });

  it("S21 brings every --set, and the people of a suppression file, to the agent", async () => {
    await writeFile(join(served.place.cwd, "list.txt"), "@mailbox.example\n");
    await writeFile(
      join(served.place.cwd, "listed.yaml"),
      `${await readFile(join(served.place.cwd, "small.yaml"), "utf8")}suppress: list.txt\n`,
    );
    const set = ["--set", "language=Rust", "--set", "stars_range=50..5000", "--set", "target_leads=3"];
    const { code, stdout } = await served.ask([
      ...["run", "--config", "listed.yaml", "--mode", "api"],
      ...set,
      "--output",
      "json",
    ]);
    expect(code).toBe(0);
    const events = eventsOf(stdout);
    expect(events[0]).toMatchObject({
      type: "job.queued",
      data: { targetLeads: 3, icp: { languages: ["Rust"], starsRange: { min: 50, max: 5000 } } },
    });
    const jobId = events[0]?.jobId ?? "";
    expect(await served.place.engine.job(jobId)).toMatchObject({ spec: { suppress: [{ kind: "domain" }] } });
    expect(buildSummary(events, []).counts.drops.suppressed).toBeGreaterThan(0);
    expect(await served.place.file(jobId, "leads.csv")).not.toContain("@mailbox.example");
  });

  it.each([
    ["a pair without =", ["--set", "language"], /--set: must be key=value/],
    ["an unknown key", ["--set", "langage=Go"], /did you mean "language"/],
    ["a preset that there is none of", ["--preset", "hubspt"], /hubspot, salesforce, attio/],
    ["a start that is over", ["--start-at", "2020-01-01T00:00Z"], /is over/],
  ])("S21 refuses %s here, and asks the server nothing", async (_what, flags, message) => {
    const { code, stdout, stderr } = await served.ask([...run, ...flags]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect((await served.ask(["jobs"])).stdout).toBe("");
  });

  it("finds out before it submits that the folder for files cannot be written", async () => {
    await writeFile(join(served.place.cwd, "taken"), "");
    const { code, stdout, stderr } = await served.ask([...run, "--exports", "taken/exports"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("taken/exports");
    expect((await served.ask(["jobs"])).stdout).toBe("");
  });

  it("S24 estimates a dry run as here, and starts nothing; machines get the events of a dry job", async () => {
    const dry = [...run, "--dry-run"];
    const through = await served.ask(dry);
    expect(through.code).toBe(0);
    const here = await served.place.run(["run", "--config", "small.yaml", "--dry-run"]);
    const pinned = (text: string) => text.replace(/^asOf: .*$/m, "asOf:");
    expect(pinned(through.stdout)).toBe(pinned(here.stdout));
    expect((await served.ask(["jobs"])).stdout).toBe("");
    const json = await served.ask([...dry, "--output", "json"]);
    expect(json.code).toBe(0);
    expect(eventsOf(json.stdout).at(-1)).toMatchObject({ type: "job.completed" });
    expect(served.place.requests()).toBe(0);
    expect(await served.place.files()).toEqual([]);
  });

  it("says what to do with a list of people that is too long for a request", async () => {
    const { cwd } = served.place;
    const people = Array.from({ length: 60_000 }, (_, index) => `person-of-some-name-${index}`);
    await writeFile(join(cwd, "many.txt"), people.join("\n"));
    const small = await readFile(join(cwd, "small.yaml"), "utf8");
    await writeFile(join(cwd, "many.yaml"), `${small}suppress: many.txt\n`);
    const result = await served.ask(["run", "--config", "many.yaml", "--mode", "api"]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("60,000 entries of suppress");
    expect(result.stderr).toContain(`cmo suppress import FILE --api-base ${served.url}`);
    expect((await served.ask(["jobs"])).stdout).toBe("");
  });

  it("only submits with --detach, with its priority and its start", async () => {
    const first = await served.ask([...run, "--detach", "--priority", "7", "--start-at", "+1h"]);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^job_\w+\n$/);
    const jobId = first.stdout.trim();
    expect(first.stderr).toMatch(/Queued: a worker of the server takes it, not before \d{4}-/);
    expect(first.stderr).toContain(`cmo watch ${jobId} --api-base ${served.url}\n`);
    const job = await served.place.engine.job(jobId);
    expect(job).toMatchObject({ status: "queued", priority: 7 });
    expect((job?.notBefore ?? 0) - (job?.createdAt ?? 0)).toBeGreaterThan(3_500_000);
    const json = await served.ask([...run, "--detach", "--start-at", "+1h", "--output", "json"]);
    expect(eventsOf(json.stdout)).toMatchObject([{ seq: 1, type: "job.queued" }]);
    expect((await served.ask(["jobs", "--output", "json"])).stdout.trim().split("\n")).toHaveLength(2);
  });

  it("is left to itself by Ctrl-C, and says how to come back and how to end it", async () => {
    const waiting = served.place.hold(2);
    const running = served.start([...run, "--output", "json"]);
    await waiting;
    await running.said("job.started");
    const jobId = await served.place.newestJob();
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(eventsOf(stdout).map(({ type }) => type)).not.toContain("job.paused");
    expect(stderr).toContain(`cmo watch ${jobId} --api-base ${served.url}\n`);
    expect(stderr).toContain(`cmo cancel ${jobId} --api-base ${served.url}\n`);
    expect(await served.place.engine.job(jobId)).toMatchObject({ status: "running", desired: null });
    expect(await served.place.files()).toEqual([]);

    served.place.release();
    const watched = await served.ask(["watch", jobId, "--output", "json"]);
    expect(watched.code).toBe(0);
    expect(eventsOf(watched.stdout).at(-1)?.type).toBe("job.completed");
    expect((await served.ask(["export", jobId])).code).toBe(0);
    expect(await served.place.files()).toHaveLength(3);
  });

  it("goes on when whoever reads its output goes away, and says so", async () => {
    const waiting = served.place.hold(2);
    const running = served.start([...run, "--output", "json"]);
    await waiting;
    const jobId = await served.place.newestJob();
    running.child.stdout?.destroy();
    served.place.release();
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("Nobody reads the output any more");
    expect(stderr).toContain(`cmo watch ${jobId} --api-base`);
    await served.place.until(jobId, ({ status }) => status === "completed");
  });

  it("S16 shows a cancel from elsewhere to its end, writes what was found, and ends with 1", async () => {
    const waiting = served.place.hold(3);
    const running = served.start([...run, "--no-emoji"]);
    await waiting;
    const jobId = await served.place.newestJob();
    expect((await served.ask(["cancel", jobId])).code).toBe(0);
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(JSON.parse(await served.place.file(jobId, "summary.json"))).toMatchObject({
      status: "cancelled",
      partial: true,
    });
    expect(stdout).toContain(`cmo retry ${jobId} --api-base ${served.url}`);
  });

  it("S11 says why a job failed, and writes its summary alone when nothing was found", async () => {
    await served.kill();
    const { server, url } = await startServer(served.place, "0", [], { GITHUB_TOKEN: "" });
    try {
      const { code, stdout } = await served.place.run([...run, "--api-base", url, "--no-emoji"]);
      expect(code).toBe(1);
      expect(stdout).toContain("GITHUB_TOKEN");
      expect(stdout).toContain("Nothing had been found, so there are no lead files.");
      expect(stdout).toContain(`To run it again:\n  cmo run --config small.yaml --api-base ${url}\n`);
      expect(await served.place.files()).toEqual([expect.stringMatching(/_summary\.json$/)]);
    } finally {
      server.child.kill("SIGKILL");
      await server.ended;
    }
  });
});
