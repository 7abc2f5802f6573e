import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSummary } from "@cmo/engine";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { runCmo } from "./support/run-cmo.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "cmo-cli-"));
});
afterEach(async () => {
  await rm(cwd, { recursive: true });
});

const small = `name: small
params: { language: Go, stars_range: ">=10", target_leads: 5 }
source: { type: simulator, seed: 7, repositories: 200 }
`;

async function campaign(text = small, name = "small.yaml"): Promise<string> {
  await writeFile(join(cwd, name), text);
  return name;
}

async function files(folder = "exports"): Promise<string[]> {
  return (await readdir(join(cwd, folder)).catch(() => [])).sort();
}

/** A run in a place of its own that has had some answers, has told of itself, and waits for the next answer. */
async function heldRun(more: readonly string[] = []) {
  const place = await openCampaignPlace();
  onTestFinished(() => place.close());
  const waiting = place.hold(3);
  const running = place.start(["run", "--config", "small.yaml", "--output", "json", ...more]);
  await running.said("job.started");
  await waiting;
  return { place, running };
}

describe("cmo run", () => {
  it("writes three files, whole, names them, and ends with 0", async () => {
    const { code, stdout, stderr } = await runCmo(["run", "--config", await campaign()], { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    const [csv, json, summary] = await files();
    expect([csv, json, summary].map((name) => name?.replace(/^job_\w+?_(?=leads|summary)/, ""))).toEqual([
      "leads.csv",
      "leads.json",
      "summary.json",
    ]);
    for (const name of await files()) expect(stdout).toContain(join("exports", name));
    const leads = JSON.parse(await readFile(join(cwd, "exports", json ?? ""), "utf8"));
    expect(leads.leads).toHaveLength(leads.count);
  });

  it("S39 writes plain lines without control codes into a pipe", async () => {
    const { stdout } = await runCmo(["run", "--config", await campaign(), "--no-emoji"], { cwd });
    expect(stdout).not.toContain("\u001B");
    expect(stdout).toMatch(/^== job_/);
    expect(stdout.replace(/\n {3,4}\d+\. .*/g, "")).toMatch(/^[\x20-\x7e\n·…]+$/);
  });

  it("S20 completes with 0 when fewer are to be found than wanted, exports these, and says so", async () => {
    const { code, stdout } = await runCmo(
      [
        "run",
        "--config",
        await campaign(),
        "--set",
        "target_leads=5000",
        "--output",
        "json",
        "--preset",
        "attio",
      ],
      { cwd },
    );
    expect(code).toBe(0);
    const summary = buildSummary(eventsOf(stdout), []);
    expect(summary).toMatchObject({ status: "completed", targetMet: false, targetLeads: 5000 });
    expect(summary.counts.contactable).toBeGreaterThan(0);
    const attio = (await files()).find((name) => name.endsWith("_leads_attio.csv")) ?? "";
    const rows = (await readFile(join(cwd, "exports", attio), "utf8")).trim().split("\n").length - 1;
    expect(rows).toBe(summary.counts.contactable);
    const plain = await runCmo(["run", "--config", await campaign(), "--set", "target_leads=5000"], { cwd });
    expect(plain.code).toBe(0);
    expect(plain.stdout).toMatch(
      /\d+ contactable leads of 5000 wanted in .*: the matches ended before the target/,
    );
  });

  it("S21 brings every --set to the agent", async () => {
    const set = ["--set", "language=Rust", "--set", "stars_range=50..5000", "--set", "target_leads=3"];
    const { code, stdout } = await runCmo(["run", "--config", await campaign(), ...set, "--output", "json"], {
      cwd,
    });
    expect(code).toBe(0);
    expect(eventsOf(stdout)[0]).toMatchObject({
      type: "job.queued",
      data: { targetLeads: 3, icp: { languages: ["Rust"], starsRange: { min: 50, max: 5000 } } },
    });
  });

  it.each([
    ["a pair without =", ["--set", "language"], /--set: must be key=value/],
    ["an unknown key", ["--set", "langage=Go"], /did you mean "language"/],
    ["a value of the wrong kind", ["--set", "target_leads=many"], /--set params\.target_leads: /],
  ])("S21 refuses %s, starts and writes nothing, and ends with 2", async (_what, set, message) => {
    const { code, stdout, stderr } = await runCmo(["run", "--config", await campaign(), ...set], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(await files(".")).toEqual(["small.yaml"]);
  });

  it("tells all problems at once, each with its place", async () => {
    const config = await campaign(
      'params:\n  langage: Go\n  target_leads: "many"\npushed_sinc: 2030-01-01\n',
    );
    const { code, stderr } = await runCmo(["run", "--config", config, "--set", "x"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("small.yaml:2:3 params.langage: ");
    expect(stderr).toContain("small.yaml:3:3 params.target_leads: ");
    expect(stderr).toContain("small.yaml:4:1 pushed_sinc: ");
    expect(stderr).toContain('--set: must be key=value, found "x"');
    expect(stderr).toContain("4 problems; nothing was started.");
  });

  it.each([
    ["a missing one", "smal.yaml", null],
    ["an empty one", "c.yaml", ""],
    ["a binary one", "c.yaml", "\u0000\u0001\u0002"],
    ["a huge one", "c.yaml", `# ${"x".repeat(50_000_000)}`],
    ["a bomb", "c.yaml", bomb()],
  ])("S25 refuses %s among configs with 2 and one error", async (_what, name, text) => {
    if (text === null) await campaign();
    else await campaign(text, name);
    const { code, stdout, stderr } = await runCmo(["run", "--config", name], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/\n\s+at /);
    if (text === null) expect(stderr).toContain("small.yaml");
    expect(await files()).toEqual([]);
  });

  it("S24 shows a dry run's spec and estimate, and writes nothing", async () => {
    const { code, stdout } = await runCmo(["run", "--config", await campaign(), "--dry-run"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^goal: .*5/m);
    expect(stdout).toMatch(/requests +\d+/);
    expect(stdout).toMatch(/points +\d+/);
    expect(stdout).toMatch(/time +\d/);
    expect(await files(".")).toEqual(["small.yaml"]);
  });

  it("S41 writes nothing but events to stdout with --output json", async () => {
    const { code, stdout, stderr } = await runCmo(["run", "--config", await campaign(), "--output", "json"], {
      cwd,
    });
    expect(code).toBe(0);
    const events = eventsOf(stdout);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toBe("job.completed");
    expect(stderr).toContain("_leads.csv");
  });

  it("S41 writes nothing to stdout when the config is wrong, and nothing at all when silent and well", async () => {
    const wrong = await runCmo(["run", "--config", "none.yaml", "--output", "json"], { cwd });
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    const silent = await runCmo(["run", "--config", await campaign(), "--output", "silent"], { cwd });
    expect(silent).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await files()).toHaveLength(3);
  });

  it("ends quietly when whoever reads goes away", async () => {
    const { place, running } = await heldRun();
    running.child.stdout?.destroy();
    // Nothing is noticed before there is something to tell.
    place.release();
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Nobody reads the output any more: paused\. To go on: cmo run --resume job_\w+\n$/,
    );
  });

  it("S16 cancels at the first Ctrl-C what is kept in memory, exports what there is, and ends with 130", async () => {
    const { place, running } = await heldRun(["--store", "memory"]);
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: "job.cancelled" });
    expect(stderr).toContain("Ctrl-C again quits at once");
    const names = await place.files();
    const summary = names.find((name) => name.endsWith("_summary.json")) ?? "";
    expect(JSON.parse(await readFile(join(place.cwd, "exports", summary), "utf8"))).toMatchObject({
      status: "cancelled",
    });
    expect(names).toHaveLength(3);
  });

  it("finds out before it starts that the folder for files cannot be written", async () => {
    await writeFile(join(cwd, "taken"), "");
    const { code, stdout, stderr } = await runCmo(
      ["run", "--config", await campaign(), "--exports", "taken/exports"],
      { cwd },
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("taken/exports");
  });

  it("takes no empty name for the folder for files", async () => {
    const path = await campaign();
    const { code, stderr } = await runCmo(["run", "--config", path, "--exports", ""], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("It names no folder.");
    expect((await readdir(cwd)).filter((name) => name.startsWith("job_"))).toEqual([]);
  });

  it("ends with 1 when the campaign fails, and says what to do", async () => {
    const { code, stdout } = await runCmo(
      ["run", "--config", await campaign(`${small.replace("simulator", "github")}`)],
      {
        cwd,
      },
    );
    expect(code).toBe(1);
    expect(stdout).toContain("GITHUB_TOKEN");
    // Lead files without a row would look like a result.
    expect(await files()).toEqual([expect.stringMatching(/_summary\.json$/)]);
    expect(stdout).toContain("Nothing had been found, so there are no lead files.");
    expect(stdout).not.toMatch(/\n\s+at /);
  });
});

describe("A proxy", () => {
  it("is asked for GitHub's host when HTTPS_PROXY says so, and its password is shown nowhere", async () => {
    const asked: string[] = [];
    let child: ChildProcess | null = null;
    // When it has told of itself and asked, whichever of both is first: it does not ask for ever.
    const stop = () => {
      if (asked.length === 0) return;
      child?.kill("SIGINT");
      child = null;
    };
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      asked.push(`${request.url} ${request.headers["proxy-authorization"]}`);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      stop();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = proxy.address() as AddressInfo;
      const env = { GITHUB_TOKEN: "canary-token", HTTPS_PROXY: `http://user:canary-word@127.0.0.1:${port}` };
      const config = await campaign("name: proxied\nsource: github\n");
      const result = await runCmo(["run", "--config", config], {
        cwd,
        env,
        onOutput: (running) => {
          child = running;
          stop();
        },
      });
      expect(asked[0]).toBe(`api.github.com:443 Basic ${Buffer.from("user:canary-word").toString("base64")}`);
      expect(result.code).toBe(130);
      expect(JSON.stringify(result)).not.toMatch(/canary-(?:word|token)/);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});

describe("Secrets", () => {
  it("S34 S42 show no token anywhere, not even when the other side repeats it", async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(String(request.headers.authorization));
      response.writeHead(seen.length % 2 === 0 ? 403 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: `Bad credentials: ${request.headers.authorization}` }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const env = { GITHUB_TOKEN: "canary-5f2d7c", GITHUB_API_URL: url, CMO_DEBUG: "1" };
      const config = await campaign("name: canary\nsource: github\n");
      const results = [
        await runCmo(["run", "--config", config], { cwd, env }),
        await runCmo(["run", "--config", config, "--output", "json"], { cwd, env }),
        await runCmo(["doctor", "--config", config], { cwd, env }),
        await runCmo(["run", "--config", config, "--dry-run"], { cwd, env }),
      ];
      expect(results.map(({ code }) => code)).toEqual([1, 1, 1, 0]);
      expect(seen).toContain("Bearer canary-5f2d7c");
      const written = await Promise.all(
        (await files()).map((name) => readFile(join(cwd, "exports", name), "utf8")),
      );
      expect(written.length).toBeGreaterThan(1);
      expect(JSON.stringify([results, written])).not.toContain("canary-5f2d7c");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe("The other commands", () => {
  it("init writes a config that is valid and runs, and writes over nothing", async () => {
    expect((await runCmo(["init"], { cwd })).code).toBe(0);
    const again = await runCmo(["init"], { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("--force");
    expect((await runCmo(["init", "--force"], { cwd })).code).toBe(0);
    expect((await runCmo(["init", "none/such.yaml"], { cwd })).code).toBe(2);
    const valid = await runCmo(["validate", "--config", "campaign.yaml"], { cwd });
    expect(valid).toMatchObject({ code: 0, stderr: "" });
    const run = ["run", "--config", "campaign.yaml", "--set", "source.latency_ms=0", "--output", "silent"];
    expect(await runCmo(run, { cwd })).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("validate says what a config comes to, and warns of what has no effect", async () => {
    const config = await campaign(`${small}pushed_since: 2026-01-01\ndefault_icp: { activity_days: 30 }\n`);
    const { code, stdout, stderr } = await runCmo(["validate", "--config", config], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("Go");
    expect(stdout).toContain("2026-01-01");
    expect(stderr).toContain("default_icp.activity_days: has no effect");
  });

  it("validate gives machines one line of JSON", async () => {
    const right = await runCmo(["validate", "--config", await campaign(), "--output", "json"], { cwd });
    expect(JSON.parse(right.stdout)).toMatchObject({ valid: true, problems: [] });
    const config = await campaign("params: { langage: Go }\n");
    const wrong = await runCmo(["validate", "--config", config, "--output", "json"], { cwd });
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      valid: false,
      problems: [{ path: "params.langage", suggestion: "language", line: 1 }],
    });
  });

  it("doctor needs no network for the simulator, and ends with 1 when something is in the way", async () => {
    const { code, stdout } = await runCmo(["doctor", "--config", await campaign(), "--no-emoji"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/skipped api +skipped: /);
    await mkdir(join(cwd, "exports"), { recursive: true });
    await writeFile(join(cwd, "file"), "");
    const bad = await runCmo(["doctor", "--config", "small.yaml", "--exports", "file/x"], { cwd });
    expect(bad.code).toBe(1);
  });

  it.each([
    [["rnu"], "(Did you mean run?)"],
    [["run", "--confg", "x"], "(Did you mean --config?)"],
    [["run", "--output", "xml"], "Allowed choices are auto, tty, plain, json, silent"],
    [["run"], "No campaign was named."],
    [["run", "--config", "small.yaml", "--preset", "hubspt"], "hubspot, salesforce, attio"],
  ])("says of %j what was meant, and ends with 2", async (args, message) => {
    await campaign();
    const { code, stdout, stderr } = await runCmo(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("--help and --version go to stdout and end with 0", async () => {
    expect(await runCmo(["--version"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await runCmo(["run", "--help"], { cwd });
    expect(help).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("--dry-run") });
    expect(await runCmo([], { cwd })).toMatchObject({ code: 2, stdout: "" });
  });
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, index) => {
    const items = Array.from({ length: 9 }, () => (index === 0 ? '"lol"' : `*a${index - 1}`)).join(", ");
    return `a${index}: &a${index} [${items}]`;
  });
  return `${levels.join("\n")}\n`;
}
