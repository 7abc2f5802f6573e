import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { expectGapless, outcomeOf, requestsAtStart, undisturbed } from "./support/outcome.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace();
});
afterEach(async () => {
  await place.close();
});

const start = ["run", "--config", "small.yaml", "--output", "json"];

/** A run that has had so many answers and waits for the next one. */
async function held(answered: number) {
  const waiting = place.hold(answered);
  const running = place.start(start);
  const jobId = await place.newestJob();
  await waiting;
  return { running, jobId };
}

describe("A job on disk", () => {
  it("S04 has one id, in its events, its files and every command, and is there when its process is not", async () => {
    const run = await place.run(start);
    expect(run.code).toBe(0);
    const events = eventsOf(run.stdout);
    const jobId = events[0]?.jobId ?? "";
    expect(new Set(events.map((event) => event.jobId))).toEqual(new Set([jobId]));
    expect(await place.files()).toEqual(
      ["leads.csv", "leads.json", "summary.json"].map((name) => `${jobId}_${name}`),
    );
    const jobs = await place.run(["jobs", "--output", "json"]);
    expect(JSON.parse(jobs.stdout)).toMatchObject({ id: jobId, status: "completed", percent: 100 });
    const shown = await place.run(["show", jobId, "--output", "json"]);
    expect(JSON.parse(shown.stdout).summary).toEqual(JSON.parse(await place.file(jobId, "summary.json")));
    expect(await place.events(jobId)).toEqual(events);

    const [csv, json] = [await place.file(jobId, "leads.csv"), await place.file(jobId, "leads.json")];
    expect((await place.run(["leads", jobId, "--format", "csv"])).stdout).toBe(csv);
    expect((await place.run(["leads", jobId, "--format", "json"])).stdout).toBe(json);
    const again = await place.run(["export", jobId, "--preset", "hubspot"]);
    expect(again.stdout).toContain(`${jobId}_leads_hubspot.csv`);
    expect(await place.file(jobId, "leads.csv")).toBe(csv);
    const table = await place.run(["leads", jobId, "--contactable", "--limit", "3"]);
    expect(table.stdout.split("\n")).toHaveLength(5);
  });

  it("S14 is not disturbed by workers that come and go", async () => {
    const { running, jobId } = await held(2);
    for (let round = 0; round < 2; round += 1) {
      const worker = place.start(["worker"]);
      await worker.said("at once");
      worker.child.kill("SIGTERM");
      expect((await worker.ended).code).toBe(0);
    }
    place.release();
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(eventsOf(stdout).filter(({ type }) => type === "job.resumed")).toEqual([]);
    expect(await place.engine.job(jobId)).toMatchObject({ status: "completed", epoch: 1, attempt: 1 });
  });

  it("S16 is cancelled from another process; its files are marked partial, and it stays so", async () => {
    const { running, jobId } = await held(3);
    expect((await place.run(["cancel", jobId])).code).toBe(0);
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: "job.cancelled" });
    expect(JSON.parse(await place.file(jobId, "summary.json"))).toMatchObject({
      status: "cancelled",
      ok: false,
      partial: true,
    });
    for (const verb of ["pause", "resume", "cancel"]) {
      expect(await place.run([verb, jobId])).toMatchObject({ code: 4, stdout: "" });
    }
    expect((await place.run(["run", "--resume", jobId])).stderr).toContain(`cmo retry ${jobId}`);
    expect((await place.run(["watch", jobId, "--output", "silent"])).code).toBe(1);
  });

  it("S16 is cancelled to its end when nobody has it", async () => {
    const { running, jobId } = await held(3);
    expect((await place.run(["pause", jobId])).code).toBe(0);
    await running.ended;
    place.release();
    expect((await place.run(["cancel", jobId])).stderr).toContain("Cancelled.");
    expect(await place.engine.job(jobId)).toMatchObject({ status: "cancelled" });
    expect((await place.run(["export", jobId])).code).toBe(0);
  });

  it("S17 is paused from another process, and goes on in a run or a worker under the same id", async () => {
    const { running, jobId } = await held(2);
    expect((await place.run(["pause", jobId])).code).toBe(0);
    const paused = await running.ended;
    expect(paused.code).toBe(130);
    expect(paused.stderr).toContain(`cmo run --resume ${jobId}`);
    expect(await place.engine.job(jobId)).toMatchObject({ status: "paused", leaseOwner: null });
    expect(await place.files()).toEqual([]);
    expect((await place.run(["export", jobId])).code).toBe(4);

    place.release();
    const waiting = place.hold(2);
    const again = place.start(["run", "--resume", jobId, "--output", "json"]);
    await waiting;
    expect((await place.run(["pause", jobId])).code).toBe(0);
    expect((await again.ended).code).toBe(130);
    place.release();

    const worker = place.start(["worker"]);
    const watching = place.start(["watch", jobId, "--output", "json"]);
    expect((await place.run(["resume", jobId])).code).toBe(0);
    expect((await watching.ended).code).toBe(0);
    await worker.said(`${jobId} is completed`);
    worker.child.kill("SIGINT");
    expect((await worker.ended).code).toBe(0);
    const disturbed = place.requests();
    expect((await place.run(["export", jobId])).code).toBe(0);
    const reference = await undisturbed(place, jobId);
    expect(await outcomeOf(place, jobId)).toEqual(reference.outcome);
    expect(disturbed - reference.requests).toBeLessThanOrEqual(2 * (2 + requestsAtStart));
  });

  it("S17 is paused by Ctrl-C, which prints how to go on", async () => {
    const { running, jobId } = await held(2);
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(eventsOf(stdout).at(-1)?.type).toBe("job.paused");
    expect(stderr).toContain("Pausing");
    expect(stderr).toContain(`cmo run --resume ${jobId}`);
    place.release();
    const resumed = await place.run(["run", "--resume", jobId, "--output", "json"]);
    expect(resumed.code).toBe(0);
    const events = eventsOf(resumed.stdout);
    expectGapless(events);
    expect(events.map(({ type }) => type)).toContain("job.resumed");
    expect(await place.files()).toHaveLength(3);
  });

  it("is paused when whoever reads its run goes away, and says so", async () => {
    const { running, jobId } = await held(2);
    running.child.stdout?.destroy();
    place.release();
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`cmo run --resume ${jobId}`);
    expect(await place.engine.job(jobId)).toMatchObject({ status: "paused" });
  });

  it("S18 runs again after a cancel as a new job that asks for nothing that was answered", async () => {
    const { running, jobId } = await held(3);
    await place.run(["cancel", jobId]);
    await running.ended;
    place.release();
    const retried = await place.run(["retry", jobId]);
    expect(retried.code).toBe(0);
    const newId = retried.stdout.trim();
    expect(newId).not.toBe(jobId);
    expect((await place.run(["run", "--resume", newId, "--output", "silent"])).code).toBe(0);
    const disturbed = place.requests();
    const reference = await undisturbed(place, newId);
    expect(await outcomeOf(place, newId)).toEqual(reference.outcome);
    expect(disturbed - reference.requests).toBeLessThanOrEqual(2 + requestsAtStart);
  });

  it("S19 is handed back when its worker is told to stop, and goes on with the next", async () => {
    const { running, jobId } = await held(0);
    await place.run(["pause", jobId]);
    await running.ended;
    await place.run(["resume", jobId]);
    place.release();
    const waiting = place.hold(2);
    const first = place.start(["worker"]);
    await waiting;
    first.child.kill("SIGTERM");
    expect(await first.ended).toMatchObject({ code: 0, stdout: "" });
    expect(await place.engine.job(jobId)).toMatchObject({ status: "queued", desired: null, attempt: 1 });

    place.release();
    const next = place.start(["worker"]);
    await next.said(`${jobId} is completed`);
    next.child.kill("SIGTERM");
    expect((await next.ended).code).toBe(0);
    expect(await place.engine.job(jobId)).toMatchObject({ status: "completed", attempt: 1 });
    expectGapless(await place.events(jobId));
  });

  it("is left to itself by a watcher's Ctrl-C", async () => {
    const { running, jobId } = await held(2);
    const watching = place.start(["watch", jobId, "--output", "json"]);
    await watching.said("job.started");
    watching.child.kill("SIGINT");
    const { code, stderr } = await watching.ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`cmo watch ${jobId}`);
    place.release();
    expect((await running.ended).code).toBe(0);
  });

  it("S34 S42 holds no token, in its store or anywhere else", async () => {
    const run = await place.run(start);
    const names = await readdir(`${place.cwd}/store`);
    const held = await Promise.all(names.map((name) => readFile(`${place.cwd}/store/${name}`, "latin1")));
    expect(held.join("")).toContain("job.completed");
    expect(held.join("") + run.stdout + run.stderr).not.toContain("stand-in-token");
  });
});

describe("Commands over jobs", () => {
  it.each([
    [["show", "job_none"], 4, "cmo jobs"],
    [["watch", "job_none"], 4, "cmo jobs"],
    [["leads", "job_none"], 4, "cmo jobs"],
    [["pause", "job_none"], 4, "cmo jobs"],
    [["run", "--resume", "job_none"], 4, "cmo jobs"],
    [["run", "--resume", "job_none", "--config", "small.yaml"], 2, "cannot be used with"],
    [["jobs", "--status", "done"], 2, "queued, running"],
    [["jobs", "--limit", "0"], 2, "from 1 to 1000"],
    [["watch", "job_none", "--channels", "people"], 2, "stage, metrics"],
    [["jobs", "--store", "mysql://cmo:canary-word@db.example/cmo"], 2, "not in this version"],
    [["jobs", "--store", "postgres://cmo:canary-word@127.0.0.1:1/cmo"], 1, "cannot be reached"],
    [["worker", "--store", "memory"], 2, "--store"],
    [["jobs", "--store", "small.yaml"], 1, "small.yaml"],
  ])("end %j with %d and say what to do", async (args, code, text) => {
    const result = await place.run(args);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(text);
    expect(result.stderr).not.toMatch(/canary|\n\s+at /);
  });

  it("S31 leave out of every read and file whoever was suppressed after the run, and in later runs", async () => {
    const first = eventsOf((await place.run(start)).stdout)[0]?.jobId ?? "";
    const leads = JSON.parse(await place.file(first, "leads.json"));
    const [one, other] = leads.leads;
    expect((await place.run(["suppress", "check", one.login])).code).toBe(1);
    const wrong = await place.run(["suppress", "add", one.login, "not an entry"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect((await place.run(["suppress", "check", one.login])).code).toBe(1);
    const added = await place.run(["suppress", "add", one.login]);
    expect(added.stdout).toBe(`${one.login}: on the list as a login\n`);
    await writeFile(join(place.cwd, "list.txt"), `# asked by letter\n${other.email}\n`);
    expect((await place.run(["suppress", "import", "list.txt"])).code).toBe(0);
    expect((await place.run(["suppress", "check", one.login, other.email])).code).toBe(0);

    await place.run(["export", first, "--preset", "hubspot"]);
    const later = eventsOf((await place.run(start)).stdout)[0]?.jobId ?? "";
    for (const job of [first, later]) {
      const texts = [
        await place.file(job, "leads.json"),
        await place.file(job, "leads.csv"),
        await place.file(job, "summary.json"),
        (await place.run(["leads", job, "--format", "csv"])).stdout,
        (await place.run(["show", job])).stdout,
      ].join("\n");
      expect(texts).not.toContain(`"${one.login}"`);
      expect(texts).not.toMatch(new RegExp(`[, ]${one.login}[, ]`));
      expect(texts).not.toContain(other.email);
    }
    expect(JSON.parse(await place.file(first, "leads.json")).count).toBe(leads.count - 2);

    expect((await place.run(["suppress", "remove", one.login])).code).toBe(0);
    expect((await place.run(["leads", first, "--format", "csv"])).stdout).toContain(one.login);
  });

  it("print leads as they are wanted", async () => {
    const jobId = eventsOf((await place.run(start)).stdout)[0]?.jobId ?? "";
    const all = JSON.parse(await place.file(jobId, "leads.json")).leads;
    const leads = async (...args: string[]) => {
      const { code, stdout } = await place.run(["leads", jobId, "--format", "ndjson", ...args]);
      expect(code).toBe(0);
      return stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    };
    expect(await leads()).toEqual(all);
    expect(await leads("--skip", "3", "--limit", "4")).toEqual(all.slice(3, 7));
    const scores = (await leads("--sort", "-score")).map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one: number, other: number) => other - one));
    const logins = (await leads("--sort", "login", "--contactable")).map(({ login }) => login.toLowerCase());
    expect(logins).toEqual(logins.toSorted());
    expect(logins).toHaveLength(
      all.filter(({ contactable }: { contactable: boolean }) => contactable).length,
    );
    const least = all[4].score;
    expect(await leads("--min-score", String(least))).toEqual(
      all.filter(({ score }: { score: number }) => score >= least),
    );
    const { login } = all[2];
    expect((await leads("--search", login.toUpperCase())).map((lead) => lead.login)).toContain(login);
    const table = await place.run(["leads", jobId, "--limit", "2"]);
    expect(table.stderr).toContain("--skip 2");
    const wrong = await place.run(["leads", jobId, "--sort", "scor"]);
    expect(wrong).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Did you mean score?"),
    });
  });

  it("show how a job stands: who works on it, until when it is kept, where it is, and its files", async () => {
    const { running, jobId } = await held(2);
    const live = await place.run(["show", jobId]);
    expect(live.stdout).toMatch(/^ {2}attempt +1 of at most \d+$/m);
    expect(live.stdout).toMatch(/^ {2}worker +worker-\w+, heard of \d+ s ago; another takes over in \d+ s/m);
    expect(live.stdout).toMatch(/^ {2}kept until +\d{4}-\d\d-\d\d$/m);
    expect(live.stdout).toContain(join(place.cwd, "store", "cmo.db"));
    running.child.kill("SIGKILL");
    await running.ended;
    place.release();
    const later = JSON.parse((await place.run(["show", jobId, "--output", "json"])).stdout);
    expect(later.job).toMatchObject({
      status: "running",
      epoch: 1,
      lease: { worker: expect.any(String) },
      files: [],
    });
    const done = eventsOf((await place.run(start)).stdout)[0]?.jobId ?? "";
    const ended = JSON.parse((await place.run(["show", done, "--output", "json"])).stdout);
    expect(ended.job.files).toHaveLength(3);
    expect(ended.job).toMatchObject({ status: "completed", lease: null, keepUntil: expect.any(String) });
  });

  it("list jobs by page and by status", async () => {
    const { running, jobId } = await held(0);
    await place.run(["pause", jobId]);
    await running.ended;
    const job = await place.engine.job(jobId);
    if (job === null) throw new Error("no job");
    for (let count = 0; count < 4; count += 1) await place.engine.submit(job.spec);
    const first = await place.run(["jobs", "--limit", "3"]);
    expect(first.stdout.trim().split("\n")).toHaveLength(4);
    const last = /--after (\S+)/.exec(first.stderr)?.[1] ?? "";
    const rest = await place.run(["jobs", "--limit", "3", "--after", last]);
    expect(rest.stdout.trim().split("\n")).toHaveLength(3);
    expect(rest.stderr).toBe("");
    const paused = await place.run(["jobs", "--status", "paused,failed", "--output", "json"]);
    expect(
      paused.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual([jobId]);
  });
});
