import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "@cmo/client";
import { isTerminalEvent, type JobEvent } from "@cmo/engine";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  composeProcesses,
  type Described,
  fileText,
  type Image,
  kubernetesProcesses,
  readCompose,
  readImage,
  readManifests,
  root,
} from "./deploy-files.ts";
import { type Deployed, deploy, type RunningCmo } from "./deployed.ts";
import { mapAt, readYaml } from "./document.ts";
import { readMetrics, readRules, selectorsOf } from "./metrics.ts";
import { openSlowGitHub, type SlowGitHub } from "./slow-github.ts";

let image: Image;
let postgres: PostgresServer;
let deployed: Deployed;
let keys: { readonly member: string; readonly operator: string; readonly entries: string };
let github: SlowGitHub | null = null;

beforeAll(async () => {
  image = readImage();
  [postgres, deployed] = await Promise.all([startPostgres(), deploy(image)]);
  keys = await makeKeys();
});
afterEach(async () => {
  await github?.close();
  github = null;
});
afterAll(async () => {
  await deployed.close();
  await postgres.stop();
});

describe("The fleet that deploy/ describes, where nothing but /tmp can be written", () => {
  it("starts by compose's commands, is healthy, runs a campaign, and ends with 0 when it is told to", async () => {
    const [api1, api2, worker] = composeProcesses(
      readCompose({
        CMO_DATABASE_PASSWORD: password(),
        CMO_API_KEYS: keys.entries,
        GITHUB_TOKEN: "stand-in-token",
      }),
    ).map(here);
    const replicas = [await deployed.start(defined(api1)), await deployed.start(defined(api2))] as const;
    const working = await deployed.start(defined(worker));
    const all = [...replicas, working];
    for (const one of all) expect(await deployed.healthCheck(one), one.said()).toBe(0);

    // Nobody without a key, and metrics for an operator only, on each of them.
    const [first, second] = replicas;
    expect((await fetch(`${first.url}/api/jobs`)).status).toBe(401);
    for (const { url } of all) {
      expect((await ask(`${url}/metrics`, null)).status).toBe(401);
      expect((await ask(`${url}/metrics`, keys.member)).status).toBe(403);
    }

    // The campaign of the README, and smaller; in at one replica and out at the other.
    const submitter = createClient({ baseUrl: first.url, apiKey: keys.member });
    const reader = createClient({ baseUrl: second.url, apiKey: keys.member });
    const { jobId } = await submitter.submit({ config: smokeConfig() });
    const events: JobEvent[] = [];
    for await (const event of reader.watch(jobId)) events.push(event);
    expect(events.at(-1)?.type, working.said()).toBe("job.completed");
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, place) => place + 1));
    const { counts } = await reader.summary(jobId);
    const leads = await textOf(reader.leadsFile(jobId, "csv"));
    // A line for each, and the head.
    expect(leads.trimEnd().split("\r\n")).toHaveLength((counts.leads ?? 0) + 1);
    expect(counts.leads).toBeGreaterThan(0);

    // Whatever an alert names is told by the fleet that it is for.
    const metrics = readMetrics(
      await Promise.all(all.map(async ({ url }) => (await ask(`${url}/metrics`, keys.operator)).text())),
    );
    for (const { alert, expression } of readRules(fileText("deploy/prometheus-rules.yaml"))) {
      const selectors = selectorsOf(expression);
      expect(selectors.length, alert).toBeGreaterThan(0);
      for (const { metric, labels } of selectors) {
        const known = metrics.get(metric);
        expect(known, `${alert}: ${metric}`).toBeDefined();
        // A metric that nothing has happened to has no labels yet.
        if (known?.size === 0) continue;
        for (const label of labels) expect([...(known ?? [])], `${alert}: ${metric}`).toContain(label);
      }
    }

    // For a campaign of the simulator, which asks nobody outside.
    const smoke = `${root}config/smoke.yaml`;
    const doctor = await deployed.run(["doctor", "--config", smoke, "--exports", "/tmp"], {
      ...defined(worker).env,
      CMO_API_URL: second.url,
      CMO_API_KEY: keys.member,
    });
    expect(doctor.code, doctor.stdout + doctor.stderr).toBe(0);
    expect(doctor.stdout).toContain(`Jobs are kept at ${storeUrl()}`);
    expect(doctor.stdout).toContain("lets this command in");

    for (const one of all) expect(await one.stop(), one.said()).toBe(0);
    for (const one of all) expect(await deployed.healthCheck(one)).toBe(1);
    expect(await deployed.changes()).toEqual([]);
  });

  it("is rolled over by Kubernetes' commands while a job runs: no request fails, and its reader misses nothing", async () => {
    // The job runs for as long as it is to run.
    github = await openSlowGitHub(2);
    const secret = { PGPASSWORD: password(), CMO_API_KEYS: keys.entries, GITHUB_TOKEN: "stand-in-token" };
    const [api, worker] = kubernetesProcesses(readManifests(), secret).map(here).map(toGitHub(github.url));
    const old = await Promise.all(Array.from({ length: 2 }, () => deployed.start(defined(api))));
    const oldWorker = await deployed.start(defined(worker));

    // As a service does: each request goes to one of those that are ready.
    const ready = new Set<string>();
    for (const one of old) {
      await untilReady(one);
      ready.add(one.url);
    }
    let turn = 0;
    const failures: string[] = [];
    const through = async (path: string, init: RequestInit = {}) => {
      const urls = [...ready];
      turn += 1;
      const url = `${urls[turn % urls.length]}${path}`;
      try {
        const answer = await fetch(url, init);
        if (!answer.ok) failures.push(`${url}: ${answer.status} ${await answer.clone().text()}`);
        return answer;
      } catch (error) {
        // Who asked may have left.
        if (init.signal?.aborted !== true) failures.push(`${url}: ${String(error)}`);
        throw error;
      }
    };
    const client = createClient({
      baseUrl: "http://cmo.test",
      apiKey: keys.member,
      fetch: (address, init) => {
        const { pathname, search } = new URL(address);
        return through(`${pathname}${search}`, init);
      },
    });

    const { jobId } = await client.submit({ config: githubConfig });
    const watched: JobEvent[] = [];
    const watching = (async () => {
      for await (const event of client.watch(jobId)) watched.push(event);
    })();
    await github.asked;
    await oldWorker.heard(`${jobId} starts`);

    // Somebody asks all the while.
    const over = new AbortController();
    let asked = 0;
    const asking = [1, 2].map(async () => {
      while (!over.signal.aborted) {
        await client.job(jobId);
        await client.validate({ config: githubConfig });
        asked += 2;
        await wait(200);
      }
    });

    const fresh: RunningCmo[] = [];
    for (const one of old) {
      const next = await deployed.start(defined(api));
      fresh.push(next);
      await untilReady(next);
      ready.add(next.url);
      // Balancers hear that it goes while it still answers: that is what the wait before the signal is for.
      expect(one.described.waitSeconds).toBeGreaterThan(0);
      ready.delete(one.url);
      const before = asked;
      expect(await one.stop(), one.said()).toBe(0);
      await expect.poll(() => asked).toBeGreaterThan(before);
    }
    const newWorker = await deployed.start(defined(worker));
    await untilReady(newWorker);
    expect(await oldWorker.stop(), oldWorker.said()).toBe(0);
    await newWorker.heard(`${jobId} goes on`);
    github.beQuick();
    await watching;
    over.abort();
    await Promise.all(asking);
    expect(failures).toEqual([]);

    expect(watched.at(-1)?.type, newWorker.said()).toBe("job.completed");
    const whole: JobEvent[] = [];
    for await (const event of client.watch(jobId)) whole.push(event);
    expect(watched).toEqual(whole);
    expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_event, place) => place + 1));
    expect(whole.filter(isTerminalEvent)).toHaveLength(1);
    // Handed back and not failed: going on is no other attempt. Those that there were had reasons of their own.
    const failed = whole.filter(({ type }) => type === "job.retrying").length;
    expect(await client.job(jobId)).toMatchObject({ status: "completed", attempt: 1 + failed });

    for (const one of [...fresh, newWorker]) expect(await one.stop(), one.said()).toBe(0);
    expect(await deployed.changes()).toEqual([]);
  });

  it("opens to nobody by mistake: without keys neither a replica nor a worker's health is there", async () => {
    const { CMO_HOST: host = "" } = image.env;
    for (const args of [
      ["serve", "--no-worker", "--host", host, "--port", "0"],
      ["worker", "--health-port", "0", "--health-host", host],
    ]) {
      const { code, stderr } = await deployed.run(args, { CMO_STORE: storeUrl(), PGPASSWORD: password() });
      expect(code, stderr).toBe(2);
      expect(stderr).toContain("Without keys");
    }
  });
});

/** As docs/deploy.md makes them: by the image, before there is anything else. */
async function makeKeys() {
  const make = async (...args: string[]) => {
    const { code, stdout, stderr } = await deployed.run(["keys", "create", ...args, "--env"]);
    expect(code, stderr).toBe(0);
    return { key: stdout.trim(), entry: /CMO_API_KEYS=(\S+)/.exec(stderr)?.[1] ?? "" };
  };
  const member = await make("--tenant", "growth");
  const operator = await make("--tenant", "ops", "--role", "operator");
  return {
    member: member.key,
    operator: operator.key,
    entries: `${member.entry},${operator.entry}`,
  };
}

/** The same process, with the database of this test. */
function here(described: Described): Described {
  const { CMO_STORE: store = "" } = described.env;
  // What a file says of the database has no password; that comes by itself.
  expect(new URL(store)).toMatchObject({ protocol: "postgres:", username: "cmo", password: "" });
  return { ...described, env: { ...described.env, CMO_STORE: storeUrl() } };
}

function toGitHub(url: string) {
  return (described: Described): Described => ({
    ...described,
    env: { ...described.env, GITHUB_API_URL: url },
  });
}

function storeUrl(): string {
  const url = new URL(postgres.url);
  url.password = "";
  return url.href;
}

function password(): string {
  // A database that asks for none takes any.
  return decodeURIComponent(new URL(postgres.url).password) || "none";
}

function smokeConfig() {
  const smoke = mapAt(readYaml(fileText("config/smoke.yaml")));
  return {
    ...smoke,
    params: { language: "Go", stars_range: "100..20000", activity_days: 90, target_leads: 20 },
    source: { type: "simulator", seed: 42, repositories: 600 },
  };
}

const githubConfig = {
  name: "rolled over",
  params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 100 },
  default_icp: { topics: [] },
  source: { type: "github", mail: "none", concurrency: 2 },
};

function ask(url: string, key: string | null): Promise<Response> {
  return fetch(url, { headers: key === null ? {} : { Authorization: `Bearer ${key}` } });
}

async function untilReady({ url }: RunningCmo): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await wait(20);
}

async function textOf(
  file: Promise<{ readonly pieces: AsyncIterable<Uint8Array | string> }>,
): Promise<string> {
  const bytes: Buffer[] = [];
  for await (const piece of (await file).pieces) bytes.push(Buffer.from(piece));
  return Buffer.concat(bytes).toString("utf8");
}

function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the file has fewer processes than it should");
  return value;
}
