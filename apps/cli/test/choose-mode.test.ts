import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type CampaignPlace, eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { nobodyUrl } from "./support/ports.ts";
import { openServedPlace, type ServedPlace } from "./support/served-place.ts";

let place: CampaignPlace | null = null;
let served: ServedPlace | null = null;
let stranger: Server | null = null;
afterEach(async () => {
  await served?.close();
  await place?.close();
  stranger?.close();
  stranger?.closeAllConnections();
  place = null;
  served = null;
  stranger = null;
});

const run = ["run", "--config", "small.yaml", "--output", "json"];
/** So long that no machine is too slow. */
const patient = { CMO_MODE: "auto", CMO_PROBE_MS: "30000" };

/** Somebody else who listens, and answers in some way. */
async function listen(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer ?? (() => {}));
  stranger = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

describe("cmo run --mode auto", () => {
  it("goes through the API that was named, when it answers, and says so", async () => {
    served = await openServedPlace();
    const env = { ...patient, CMO_API_URL: served.url };
    const { code, stdout, stderr } = await served.place.run(run, env);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Running through the API at http:\S+, which answers\.\n/);
    // The environment names it for the next command too.
    const jobId = eventsOf(stdout)[0]?.jobId ?? "";
    const left = await served.place.run([...run, "--detach", "--output", "plain"], env);
    expect(left.stderr).toContain(`cmo watch ${left.stdout.trim()}\n`);
    expect(await served.place.engine.job(jobId)).toMatchObject({ status: "completed" });
    const silent = await served.place.run([...run, "--output", "silent"], env);
    expect(silent).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("runs here when nobody answers, and names its own store to go on with", async () => {
    place = await openCampaignPlace();
    const url = nobodyUrl;
    const env = { ...patient, CMO_API_URL: url };
    const waiting = place.hold(2);
    const running = place.start(run, env);
    await waiting;
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(new RegExp(`^Running here: no API answers at ${url}\\.\n`));
    const jobId = await place.newestJob();
    // Without it, the next command would go to the API of the environment.
    expect(stderr).toContain(`cmo run --resume ${jobId} --store ${join(place.cwd, "store", "cmo.db")}`);
  });

  it("runs here when an answer does not come in time, or is not cmo's, or says that it is not well", async () => {
    place = await openCampaignPlace();
    const url = await listen((request, answer) => {
      if (mood === "silent") return;
      const head = mood === "ill" ? { "cmo-api": "1" } : {};
      answer.writeHead(mood === "ill" ? 503 : 200, head).end(JSON.stringify({ ok: false, url: request.url }));
    });
    let mood: "silent" | "strange" | "ill" = "silent";
    const env = { ...patient, CMO_API_URL: url };
    const silent = await place.run(run, { ...env, CMO_PROBE_MS: "100" });
    expect(silent).toMatchObject({ code: 0 });
    expect(silent.stderr).toMatch(
      /^Running here: no API answered at http:\S+ within 100 ms; --mode api would/,
    );
    mood = "strange";
    const strange = await place.run(run, env);
    expect(strange.stderr).toMatch(/^Running here: what answers at http:\S+ is not cmo\.\n/);
    mood = "ill";
    const ill = await place.run(run, env);
    expect(ill.stderr).toMatch(/^Running here: the API at http:\S+ says that it is not well\.\n/);
  });

  it("runs here with what only this process can do, and says why; machines read nothing of it", async () => {
    place = await openCampaignPlace();
    // Whoever asks it fails the test: nothing is asked when it is clear already.
    const asked: string[] = [];
    const url = await listen((request, answer) => {
      asked.push(request.url ?? "");
      answer.end();
    });
    const env = { ...patient, CMO_API_URL: url };
    const store = await place.run([...run, "--store", "other.db"], env);
    expect(store.stderr).toMatch(/^Running here: --store names a store of this machine\.\n/);
    const fresh = await place.run([...run, "--fresh"], env);
    expect(fresh.stderr).toMatch(/^Running here: --fresh asks the source from this process\.\n/);
    const left = await place.run([...run, "--detach", "--output", "plain", "--store", "other.db"], env);
    const jobId = left.stdout.trim();
    const resumed = await place.run(
      ["run", "--resume", jobId, "--store", "other.db", "--output", "json"],
      env,
    );
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/^Running here: --resume goes on with a job in this process\.\n/);
    const memory = await place.run(run, { CMO_MODE: "auto", CMO_STORE: "memory" });
    expect(memory.stderr).toMatch(/^Running here: CMO_STORE=memory keeps the job in this process\.\n/);
    for (const { stdout } of [store, fresh, resumed, memory]) {
      expect(eventsOf(stdout).at(-1)?.type).toBe("job.completed");
    }
    const quiet = await place.run([...run, "--fresh", "--output", "silent"], env);
    expect(quiet).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(asked).toEqual([]);
  });

  it.each([
    [["--mode", "api", "--resume", "job_x"], {}, "cmo resume JOB"],
    [["--mode", "api", "--store", "x.db"], {}, "--store works in this process only"],
    [
      ["--api-base", "http://127.0.0.1:9", "--fresh"],
      { CMO_MODE: "auto" },
      "--fresh works in this process only",
    ],
    [["--api-base", "http://127.0.0.1:9", "--store", "x.db"], {}, "name two places"],
    [["--mode", "inproc", "--api-base", "http://127.0.0.1:9"], {}, "--mode inproc runs the campaign here"],
    [["--mode", "remote"], {}, "auto, api, inproc"],
    [[], { CMO_MODE: "remote" }, "CMO_MODE"],
    [[], { CMO_MODE: "auto", CMO_PROBE_MS: "soon", CMO_API_URL: "http://127.0.0.1:9" }, "CMO_PROBE_MS"],
    [["--api-base", "ftp://127.0.0.1"], { CMO_MODE: "auto" }, "no http or https address"],
  ])("refuses %j with %j, and starts nothing", async (flags, env, message) => {
    place = await openCampaignPlace();
    const config = flags.some((flag) => flag === "--resume") ? [] : ["--config", "small.yaml"];
    const result = await place.run(["run", ...config, ...flags], env);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(place.requests()).toBe(0);
  });
});

describe("cmo run --mode api", () => {
  it("ends with 3 when the API is not there", async () => {
    place = await openCampaignPlace();
    const url = nobodyUrl;
    const result = await place.run([...run, "--mode", "api", "--api-base", url]);
    expect(result).toMatchObject({ code: 3, stdout: "" });
    expect(result.stderr).toContain(`${url} does not answer`);
    expect(place.requests()).toBe(0);
  });
});
