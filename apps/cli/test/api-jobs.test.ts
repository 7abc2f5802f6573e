import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventsOf } from "./support/campaign-place.ts";
import { outcomeOf, undisturbed } from "./support/outcome.ts";
import { nobodyUrl } from "./support/ports.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { openServedPlace, type ServedPlace } from "./support/served-place.ts";

let served: ServedPlace;
beforeEach(async () => {
  served = await openServedPlace();
});
afterEach(async () => {
  await served.close();
});

const run = ["run", "--config", "small.yaml", "--mode", "api", "--output", "json"];

/** A job that has ended. */
async function ended(): Promise<string> {
  const { code, stdout } = await served.ask(run);
  expect(code).toBe(0);
  return eventsOf(stdout)[0]?.jobId ?? "";
}

/** What a command says of the store, and what the server says of the same, at the same time: ages are told in seconds. */
async function both(args: readonly string[]) {
  const { cwd, env } = served.place;
  const now = Date.now();
  const here = await runInProcess(args, { cwd, env, now });
  const through = await runInProcess([...args, "--api-base", served.url], { cwd, env, now });
  return { here, through };
}

describe("Commands over jobs, through the API", () => {
  it("fetch a run bundle that replays to the same", async () => {
    const jobId = await ended();
    const { cwd, env } = served.place;
    const written = await runInProcess(
      ["bundle", jobId, "--full", "--out", "b.zip", "--api-base", served.url],
      {
        cwd,
        env,
      },
    );
    expect(written).toMatchObject({ code: 0, stdout: "b.zip\n" });
    const replayed = await runInProcess(["replay", "b.zip"], { cwd, env });
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^identical/) });
  });

  it("say the same as of the store itself, byte for byte", async () => {
    const jobId = await ended();
    const [lead] = JSON.parse(await served.place.file(jobId, "leads.json")).leads;
    await served.ask(["suppress", "add", "ada", "@lovelace.example"]);
    for (const args of [
      ["jobs"],
      ["jobs", "--output", "json"],
      ["jobs", "--status", "failed"],
      ["leads", jobId],
      ["leads", jobId, "--limit", "2", "--skip", "1", "--contactable"],
      ["leads", jobId, "--format", "json"],
      ["leads", jobId, "--format", "csv", "--sort", "-followers"],
      ["leads", jobId, "--format", "ndjson", "--min-score", "20", "--search", "a"],
      ["leads", jobId, "--sort", "scor"],
      ["diff", jobId, jobId],
      ["diff", jobId, jobId, "--output", "json", "--limit", "0"],
      ["watch", jobId, "--output", "json", "--from", "3", "--channels", "stage"],
      ["suppress", "check", "ada", "grace"],
      ["suppress", "list"],
      ["suppress", "list", "--output", "json"],
      ["validate", "--config", "small.yaml"],
      ["validate", "--config", "small.yaml", "--set", "langage=Go", "--output", "json"],
      ["pause", jobId],
      ["show", "--person", "nobody-of-that-name"],
    ]) {
      const { here, through } = await both(args);
      expect(through, args.join(" ")).toEqual(here);
    }

    const shown = await both(["show", jobId, "--output", "json"]);
    const { job, ...rest } = JSON.parse(shown.here.stdout);
    const { files, store, ...facts } = job;
    expect({ files: files.length, store }).toEqual({ files: 0, store: expect.stringContaining("cmo.db") });
    expect(JSON.parse(shown.through.stdout)).toEqual({ job: { ...facts, api: served.url }, ...rest });
    const person = await both(["show", "--person", lead.login, "--output", "json"]);
    expect(JSON.parse(person.through.stdout)).toEqual(JSON.parse(person.here.stdout));
  });

  it("S17 pause a job that the server works on, and resume it under the same id; others are not affected", async () => {
    const waiting = served.place.hold(2);
    const running = served.start(run);
    await waiting;
    const jobId = await served.place.newestJob();
    const paused = await served.ask(["pause", jobId]);
    expect(paused.code).toBe(0);
    expect(paused.stderr).toContain(`To go on: cmo resume ${jobId} --api-base ${served.url}`);
    await served.place.until(jobId, ({ status }) => status === "paused");
    await running.said(`Paused; to go on: cmo resume ${jobId} --api-base ${served.url}`);
    served.place.release();
    const other = await served.place.run(["run", "--config", "small.yaml", "--output", "silent"]);
    expect(other.code).toBe(0);
    expect(await served.place.engine.job(jobId)).toMatchObject({ status: "paused", leaseOwner: null });

    expect((await served.ask(["resume", jobId])).code).toBe(0);
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    const types = eventsOf(stdout).map(({ type }) => type);
    expect(types.filter((type) => type === "job.paused" || type === "job.resumed")).toEqual([
      "job.paused",
      "job.resumed",
    ]);
    // Its worker would be faster than the one that is to be compared with.
    await served.kill();
    const reference = await undisturbed(served.place, jobId);
    expect(await outcomeOf(served.place, jobId)).toEqual(reference.outcome);
  });

  it("fork a job, which the server works on without one request, and whose difference they tell", async () => {
    const jobId = await ended();
    const asked = served.place.requests();
    const refused = await served.ask(["fork", jobId, "--set", "language=Rust"]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("icp.languages");
    expect(refused.stderr).toContain("--allow-requests");
    const forked = await served.ask(["fork", jobId, "--set", "scoring.weights.fit.stars=40"]);
    expect(forked.code).toBe(0);
    const fork = forked.stdout.trim();
    expect(forked.stderr).toContain(`To watch it: cmo watch ${fork} --api-base ${served.url}`);
    expect((await served.ask(["watch", fork, "--output", "silent"])).code).toBe(0);
    expect(await served.place.engine.job(fork)).toMatchObject({ status: "completed", parentJobId: jobId });
    expect(served.place.requests()).toBe(asked);
    const { here, through } = await both(["diff", jobId, fork]);
    expect(through).toEqual(here);
    expect(through.code).toBe(1);
    expect(through.stdout).toMatch(/^scoring\.weights\.fit\.stars +10 +40$/m);
  });

  it("S18 cancel and retry: a new job, which the server works on", async () => {
    const waiting = served.place.hold(3);
    const running = served.start(run);
    await waiting;
    const jobId = await served.place.newestJob();
    expect((await served.ask(["cancel", jobId])).code).toBe(0);
    expect((await running.ended).code).toBe(1);
    served.place.release();
    const retried = await served.ask(["retry", jobId]);
    expect(retried.code).toBe(0);
    const again = retried.stdout.trim();
    expect(again).toMatch(/^job_\w+$/);
    expect(retried.stderr).toContain(`To watch it: cmo watch ${again} --api-base ${served.url}`);
    expect((await served.ask(["watch", again, "--output", "silent"])).code).toBe(0);
    expect(await served.place.engine.job(again)).toMatchObject({ parentJobId: jobId });
  });

  it("S35 erase a person, jobs, what is old, and everything; say before what it would be", async () => {
    const jobId = await ended();
    const [lead] = JSON.parse(await served.place.file(jobId, "leads.json")).leads;
    const planned = await served.ask(["purge", "--person", lead.login, "--dry-run"]);
    expect(planned).toMatchObject({ code: 0, stderr: "" });
    expect(planned.stdout).toMatch(
      /Held about them: \d+ entries, in 1 job; 0 files[\s\S]*Nothing was erased\.\n$/,
    );
    const unasked = await served.ask(["purge", "--person", lead.login]);
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    const erased = await served.ask(["purge", "--person", lead.login, "--yes"]);
    expect(erased.code).toBe(0);
    expect(erased.stdout).toMatch(
      /^Erased: \d+ entries in 1 job\.\nOn the suppression list by \d keyed hash/,
    );
    expect((await served.place.run(["leads", jobId, "--format", "csv"])).stdout).not.toContain(lead.login);

    const old = await served.ask(["purge", "--older-than", "1h", "--yes"]);
    expect(old).toMatchObject({ code: 0, stdout: "There was no such job.\n" });
    const dry = await served.ask(["purge", "--job", jobId, "--dry-run", "--output", "json"]);
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, scope: "job", jobs: [jobId], files: null });
    const gone = await served.ask(["purge", "--job", jobId, "--yes", "--output", "json"]);
    expect(JSON.parse(gone.stdout)).toMatchObject({ scope: "job", jobs: [jobId], state: "done" });
    expect((await served.ask(["purge", "--job", jobId, "--yes"])).code).toBe(4);
    await ended();
    const all = await served.ask(["purge", "--all", "--yes"]);
    expect(all.stdout).toContain("Erased: 1 job.\nThe suppression list stays");
    expect((await served.ask(["jobs", "--output", "json"])).stdout).toBe("");
  });

  it("S31 put whole files on the suppression list, or nobody", async () => {
    const entries = Array.from({ length: 4_500 }, (_, index) => `person-${index}`);
    await writeFile(join(served.place.cwd, "list.txt"), entries.join("\n"));
    const imported = await served.ask(["suppress", "import", "list.txt"]);
    expect(imported).toMatchObject({ code: 0, stdout: "4,500 entries are on the list (4,500 logins).\n" });
    expect((await served.place.run(["suppress", "check", "person-4499"])).code).toBe(0);
    await writeFile(join(served.place.cwd, "wrong.txt"), "ada\nnot an entry\n");
    expect((await served.ask(["suppress", "import", "wrong.txt"])).code).toBe(2);
    expect((await served.ask(["suppress", "check", "ada"])).code).toBe(1);
    expect((await served.ask(["suppress", "remove", "person-1"])).stdout).toContain("1 entry is not on");
  });

  it("write the files of a job where they are asked for, as they are served", async () => {
    const jobId = await ended();
    const names = await served.place.files();
    const { code, stdout } = await served.ask([
      "export",
      jobId,
      "--exports",
      "later",
      "--preset",
      "salesforce",
    ]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(4);
    for (const name of names) {
      const [first, later] = await Promise.all(
        ["exports", "later"].map((folder) => readFile(join(served.place.cwd, folder, name))),
      );
      expect(later).toEqual(first);
    }
  });
});

describe("The place of a command", () => {
  it("is the API of CMO_API_URL, unless a store is named on the command line", async () => {
    const jobId = await ended();
    const elsewhere = { CMO_STORE: "elsewhere.db", CMO_API_URL: served.url };
    expect((await served.place.run(["jobs"], elsewhere)).stdout).toContain(jobId);
    const hinted = await served.place.run(["pause", jobId], elsewhere);
    expect(hinted).toMatchObject({ code: 4, stdout: "" });
    const store = await served.place.run(["jobs", "--store", "elsewhere.db"], elsewhere);
    expect(store).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("No jobs.") });
    const shown = await served.place.run(["show", jobId], elsewhere);
    expect(shown.stdout).toContain(served.url);
  });

  it.each([
    [["jobs", "--api-base", "http://127.0.0.1:9", "--store", "x.db"], 2, "--store and --api-base"],
    [["jobs", "--api-key-file", "key.txt"], 2, "no API was named"],
    [["jobs", "--api-base", "nowhere"], 2, "http://127.0.0.1:2660"],
    [["jobs", "--api-base", "http://ada:canary-word@127.0.0.1:9"], 2, "CMO_API_KEY"],
    [["jobs", "--api-base", "http://127.0.0.1:9", "--api-key-file", "none.txt"], 2, "none.txt"],
    [["jobs", "--api-bas", "http://127.0.0.1:9"], 2, "Did you mean --api-base?"],
    [["jobs", "--api-key", "canary-word"], 2, "--api-key"],
    [["watch", "job_none", "--give-up-after", "soon"], 2, "90s, 5m or 2h"],
    [["worker", "--api-base", "http://127.0.0.1:9"], 2, "--api-base"],
  ])("of %j is a mistake: %d", async (args, code, message) => {
    const result = await served.place.run(args);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/canary|\n\s+at /);
  });

  it("is named when a job is not there", async () => {
    for (const args of [
      ["show", "job_none"],
      ["watch", "job_none"],
      ["leads", "job_none"],
      ["retry", "job_none"],
      ["export", "job_none"],
    ]) {
      const result = await served.ask(args);
      expect(result, args.join(" ")).toMatchObject({ code: 4, stdout: "" });
      expect(result.stderr).toContain(`There is no job job_none in ${served.url}.`);
      expect(result.stderr).toContain(`cmo jobs --api-base ${served.url}`);
    }
  });

  it("is an API that does not answer: 3, with what to do", async () => {
    const result = await served.place.run(["jobs", "--api-base", nobodyUrl]);
    expect(result).toMatchObject({ code: 3, stdout: "" });
    expect(result.stderr).toContain(`${nobodyUrl} does not answer`);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it("is an API that takes its time: Ctrl-C does not wait for it", async () => {
    let asked = () => {};
    const slow = createServer(() => asked());
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const address = slow.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    try {
      for (const args of [
        ["jobs"],
        ["export", "job_1"],
        ["run", "--config", "small.yaml", "--mode", "api"],
      ]) {
        const heard = new Promise<void>((resolve) => {
          asked = resolve;
        });
        const waiting = served.place.start([...args, "--api-base", url]);
        await heard;
        waiting.child.kill("SIGINT");
        const { code, stdout, stderr } = await waiting.ended;
        expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
        expect(stderr).toContain("Interrupted.");
      }
    } finally {
      slow.close();
      slow.closeAllConnections();
    }
  });

  it("is looked at by the doctor", async () => {
    const well = await served.ask(["doctor", "--no-emoji"]);
    expect(well.stdout).toMatch(new RegExp(`^ok +cmo-api +${served.url} answers`, "m"));
    await served.kill();
    const away = await served.ask(["doctor", "--no-emoji"]);
    expect(away).toMatchObject({ code: 1 });
    expect(away.stdout).toMatch(/^failed +cmo-api/m);
    await rm(join(served.place.cwd, "small.yaml"));
    expect((await served.place.run(["doctor", "--no-emoji"])).stdout).not.toContain("cmo-api");
  });
});
