import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { portToKeep } from "./support/ports.ts";
import type { CmoResult, RunningCmo } from "./support/run-cmo.ts";
import { startServer } from "./support/served-place.ts";

let place: CampaignPlace;
let servers: RunningCmo[];
beforeEach(async () => {
  place = await openCampaignPlace();
  servers = [];
});
afterEach(async () => {
  place.release();
  for (const server of servers) server.child.kill("SIGKILL");
  await Promise.all(servers.map(({ ended }) => ended));
  await place.close();
});

async function serve(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  port: string = "0",
) {
  const started = await startServer(place, port, flags, env);
  servers.push(started.server);
  return started;
}

const run = ["run", "--config", "small.yaml", "--mode", "api", "--output", "json"];

describe("cmo serve", () => {
  it("S19 hands back what runs when it is told to stop, and says to come back; the next one goes on with it", async () => {
    const { server, url } = await serve([], {}, await portToKeep());
    const waiting = place.hold(2);
    const running = place.start([...run, "--api-base", url]);
    await waiting;
    await running.said("job.started");
    const jobId = await place.newestJob();
    server.child.kill("SIGTERM");
    const stopped = await server.ended;
    expect(stopped.code).toBe(0);
    // Stdout is its address and nothing else; every line of the log is one for machines.
    expect(stopped.stdout).toBe(`${url}\n`);
    for (const line of stopped.stderr.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("message");
    expect(await place.engine.job(jobId)).toMatchObject({ status: "queued", desired: null, attempt: 1 });

    place.release();
    await running.said("Away since");
    const next = await startServer(place, new URL(url).port);
    servers.push(next.server);
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(eventsOf(stdout).at(-1)?.type).toBe("job.completed");
    expect(await place.engine.job(jobId)).toMatchObject({ status: "completed", attempt: 1 });
  });

  it("works on nothing with --no-worker, and on several jobs with --concurrency", async () => {
    const idle = await serve(["--no-worker"]);
    const detach = [...run, "--detach", "--output", "plain", "--api-base", idle.url];
    const jobs: string[] = [];
    for (let count = 0; count < 2; count += 1) jobs.push((await place.run(detach)).stdout.trim());
    expect(place.requests()).toBe(0);
    const waiting = place.hold(0);
    await serve(["--concurrency", "2"]);
    await waiting;
    for (const jobId of jobs) await place.until(jobId, ({ status }) => status === "running");
    place.release();
    for (const jobId of jobs) await place.until(jobId, ({ status }) => status === "completed");
  });

  it("refuses with 2 what it cannot be, and opens nothing", async () => {
    const { url } = await serve();
    const { port } = new URL(url);
    for (const [flags, message] of [
      [["--port", port], `Port ${port} of 127.0.0.1 is taken`],
      [["--host", "0.0.0.0", "--port", "0"], "Without keys"],
      [["--port", "70000"], "from 0 to 65535"],
      [["--port", "0", "--keys", "none.json"], "there is no file"],
      [["--port", "0", "--config-dir", "nowhere"], "is no folder"],
      [["--prot", "0"], "Did you mean --port?"],
    ] as const) {
      const result = await place.run(["serve", ...flags]);
      expect(result, flags.join(" ")).toMatchObject({ code: 2, stdout: "" });
      expect(result.stderr).toContain(message);
    }
  });
});

describe("cmo keys", () => {
  it("S37 open a server to whoever has one, and to nobody else; each tenant has its own jobs", async () => {
    const made = await place.run(["keys", "create", "--tenant", "acme", "--label", "the night shift"]);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^cmo_[a-z0-9]+_[A-Za-z0-9]+\n$/);
    const key = made.stdout.trim();
    const secret = key.split("_")[2] ?? "";
    expect(made.stderr).toContain("CMO_API_KEY");
    expect(made.stderr).not.toContain(secret);
    const file = join(place.cwd, "store", "keys.json");
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(file, "utf8")).not.toContain(secret);
    const other = (
      await place.run(["keys", "create", "--tenant", "umbrella", "--role", "operator"])
    ).stdout.trim();

    const listed = await place.run(["keys", "list"]);
    expect(listed.stdout).toMatch(
      /^ID +TENANT +ROLE +SINCE +LABEL\n\w+ +acme +member +\d{4}-\d\d-\d\d +the night shift\n/,
    );
    const json = (await place.run(["keys", "list", "--output", "json"])).stdout.trim().split("\n");
    expect(json.map((line) => JSON.parse(line).tenant)).toEqual(["acme", "umbrella"]);
    expect(listed.stdout + json.join("")).not.toContain(secret);

    const { url, server } = await serve();
    const ask = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CmoResult> =>
      place.run([...args, "--api-base", url], env);
    expect(await ask(["jobs"])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("CMO_API_KEY"),
    });
    const wrong = await ask(["jobs"], { CMO_API_KEY: `${key}x` });
    expect(wrong).toMatchObject({ code: 3, stdout: "" });
    expect(wrong.stderr).not.toContain(secret);

    const ran = await ask(run, { CMO_API_KEY: key });
    expect(ran.code).toBe(0);
    const jobId = eventsOf(ran.stdout)[0]?.jobId ?? "";
    expect(await place.engine.job(jobId)).toMatchObject({ tenant: "acme" });
    await writeFile(join(place.cwd, "key.txt"), `${other}\n`);
    const theirs = await ask(["show", jobId, "--api-key-file", "key.txt"]);
    expect(theirs).toMatchObject({ code: 4, stdout: "" });
    expect(theirs.stderr).toContain(`cmo jobs --api-base ${url} --api-key-file key.txt`);
    expect((await ask(["jobs", "--api-key-file", "key.txt"])).stdout).toBe("");

    const { id } = JSON.parse(json[0] ?? "");
    const revoked = await place.run(["keys", "revoke", id]);
    expect(revoked).toMatchObject({ code: 0, stdout: expect.stringContaining("acme") });
    await untilRefused(() => ask(["jobs"], { CMO_API_KEY: key }));
    expect((await ask(["jobs", "--api-key-file", "key.txt"])).code).toBe(0);
    expect((await place.run(["keys", "revoke", id])).code).toBe(4);
    server.child.kill("SIGTERM");
    const log = await server.ended;
    expect(log.code).toBe(0);
    expect(log.stderr + log.stdout).not.toContain(secret);
  });

  it("are kept by nobody with --env, and are taken from the environment", async () => {
    const { stdout, stderr } = await place.run(["keys", "create", "--tenant", "acme", "--env"]);
    const key = stdout.trim();
    const entry = /CMO_API_KEYS=(\S+)/.exec(stderr)?.[1] ?? "";
    expect(entry).not.toContain(key.split("_")[2]);
    const { url } = await serve([], { CMO_API_KEYS: entry });
    expect((await place.run(["jobs", "--api-base", url], { CMO_API_KEY: key })).code).toBe(0);
    expect((await place.run(["jobs", "--api-base", url])).code).toBe(3);
    expect((await place.run(["keys", "list"])).stderr).toContain("No keys in");
  });

  it("make an API that refuses: auto says so and runs here, --mode api ends with 3", async () => {
    await place.run(["keys", "create", "--tenant", "acme", "--keys", "other.json"]);
    const { url } = await serve(["--keys", "other.json"]);
    const env = {
      CMO_MODE: "auto",
      CMO_PROBE_MS: "30000",
      CMO_API_URL: url,
      CMO_API_KEY: "cmo_nobody_nothing",
    };
    const auto = await place.run(["run", "--config", "small.yaml", "--output", "json"], env);
    expect(auto.code).toBe(0);
    expect(auto.stderr).toMatch(new RegExp(`^Running here: the API at ${url} refused: `));
    expect(auto.stderr).not.toContain("cmo_nobody_nothing");
    const sure = await place.run(run, env);
    expect(sure).toMatchObject({ code: 3, stdout: "" });
    expect((await place.run(["doctor", "--no-emoji"], env)).stdout).toMatch(/^failed +cmo-api/m);
  });

  it.each([
    [["create"], 2, "--tenant"],
    [["create", "--tenant", "Not A Name"], 2, "tenant"],
    [["create", "--tenant", "acme", "--role", "king"], 2, "member, operator"],
    [["create", "--tenant", "acme", "--env", "--label", "x"], 2, "cannot be used with"],
    [["revoke", "nobody"], 4, "cmo keys list"],
  ])("%j is a mistake: %d", async (args, code, message) => {
    const result = await place.run(["keys", ...args]);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(message);
  });
});

/** A server hears of it within a second of its own; the test's limit is the bound. */
async function untilRefused(ask: () => Promise<CmoResult>): Promise<void> {
  while ((await ask()).code !== 3);
}
