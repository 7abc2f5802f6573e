import { afterEach, beforeEach, expect, it } from "vitest";
import { type CampaignPlace, openCampaignPlace } from "./support/campaign-place.ts";
import type { RunningCmo } from "./support/run-cmo.ts";

let place: CampaignPlace;
let workers: RunningCmo[];
beforeEach(async () => {
  place = await openCampaignPlace();
  workers = [];
});
afterEach(async () => {
  place.release();
  for (const worker of workers) worker.child.kill("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  await place.close();
});

async function work(env: Readonly<Record<string, string>> = {}) {
  const worker = place.start(["worker", "--health-port", "0"], env);
  workers.push(worker);
  const url = (await worker.said(/http:\/\/127\.0\.0\.1:\d+/)).trim();
  return { worker, url };
}

it("a worker with a health port says that it lives and is ready, and what it has counted", async () => {
  const { worker, url } = await work();
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await metric(url, "cmo_runs_taken_total")).toBe(0);

  const waiting = place.hold(2);
  const { stdout } = await place.run(["run", "--config", "small.yaml", "--detach"]);
  await waiting;
  // What is counted is told a little behind what is done.
  await expect.poll(() => metric(url, "cmo_runs_active")).toBe(1);
  place.release();
  await worker.said(`${stdout.trim()} is completed`);
  await expect.poll(() => metric(url, 'cmo_jobs_ended_total{status="completed",code="none"}')).toBe(1);
  expect(await metric(url, "cmo_runs_taken_total")).toBe(1);
  await expect.poll(() => metric(url, "cmo_runs_active")).toBe(0);

  // It is no server of campaigns.
  for (const path of ["/", "/api/jobs", "/docs", "/openapi.json"]) {
    const answer = await fetch(`${url}${path}`);
    expect(answer.status, path).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not_found", hint: expect.stringContaining("worker") });
  }
  worker.child.kill("SIGTERM");
  expect((await worker.ended).code).toBe(0);
});

it("with keys, its metrics are for an operator, and its health for everybody", async () => {
  const keyOf = async (role: string) => {
    const made = await place.run(["keys", "create", "--tenant", "acme", "--role", role, "--env"]);
    return { key: made.stdout.trim(), entry: made.stderr.match(/CMO_API_KEYS=(\S+)/)?.[1] ?? "" };
  };
  const member = await keyOf("member");
  const operator = await keyOf("operator");
  const { url } = await work({ CMO_API_KEYS: `${member.entry},${operator.entry}` });
  const ask = (key: string) =>
    fetch(`${url}/metrics`, { headers: key === "" ? {} : { authorization: `Bearer ${key}` } });
  expect((await ask("")).status).toBe(401);
  expect((await ask(member.key)).status).toBe(403);
  expect((await ask(operator.key)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

it("refuses a health port that it cannot have or that would be open to all, before it takes a job", async () => {
  const { url } = await work();
  const { port } = new URL(url);
  for (const [flags, code, message, hint] of [
    [["--health-port", port], 4, `Port ${port} of 127.0.0.1 is taken`, "--health-port"],
    [["--health-port", "0", "--health-host", "0.0.0.0"], 2, "Without keys", "leave out --health-host"],
    [["--health-host", "127.0.0.1"], 2, "--health-host is for", "--health-port"],
  ] as const) {
    const result = await place.run(["worker", ...flags]);
    expect(result.code, flags.join(" ")).toBe(code);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain(hint);
    expect(result.stderr).not.toContain("worker of");
  }
});

/** The value of a series, or null where there is none. */
async function metric(url: string, series: string): Promise<number | null> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const line = page.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}
