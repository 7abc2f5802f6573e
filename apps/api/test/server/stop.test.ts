import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HeldGitHub, openHeldGitHub } from "../support/held-github.ts";
import { type ServerPlace, type ServerProcess, startServer } from "../support/server-process.ts";

const token = "ghp_canary7f3aCanary7f3aCanary7f3aCanary7f3a";
const yaml = `name: small
params: { language: Go, stars_range: ">=10", activity_days: 365, target_leads: 40 }
default_icp: { topics: [] }
source: { type: github, mail: none, concurrency: 1 }
`;

/** So many requests are under way at once, by the campaign's `concurrency`: where one is held, no other comes. */
const inFlight = 1;

describe("S19 A server that is told to stop", () => {
  let folder: string;
  let github: HeldGitHub;
  let place: ServerPlace;
  const servers: ServerProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-api-stop-"));
    github = await openHeldGitHub();
    place = {
      cwd: folder,
      env: {
        CMO_STORE: join(folder, "cmo.db"),
        GITHUB_API_URL: github.url,
        GITHUB_TOKEN: token,
        // Nothing here waits for a lease: a job that is handed back is taken at once.
        CMO_LEASE_MS: "600000",
      },
    };
  });
  afterEach(async () => {
    github.release();
    for (const server of servers.splice(0)) {
      server.kill("SIGKILL");
      await server.ended;
    }
    await github.close();
    await rm(folder, { recursive: true, force: true });
  });
  const start = async (...args: string[]) => {
    const server = await startServer(args, place);
    servers.push(server);
    return server;
  };
  const submit = async (url: string) => {
    const answer = await fetch(`${url}/api/jobs`, {
      method: "POST",
      headers: { "Content-Type": "application/yaml" },
      body: yaml,
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { jobId: string }).jobId;
  };
  const ended = async (url: string, jobId: string) => {
    const events = await fetch(`${url}/api/jobs/${jobId}/events`, {
      headers: { Accept: "application/x-ndjson" },
    });
    return (await events.text())
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { seq: number; type: string });
  };

  it("takes no more, ends streams with a hint to come back, hands its job back and ends with 0; the next one finishes the job", async () => {
    const first = await start();
    const held = github.hold(5);
    const jobId = await submit(first.url);
    await held;
    const stream = await fetch(`${first.url}/api/jobs/${jobId}/events`);
    const before = github.requests();
    first.kill("SIGTERM");
    // To its end, and not to an error: the reader is told when to come back.
    expect(await stream.text()).toMatch(/retry: \d+\n\n$/);
    expect(await first.ended).toBe(0);
    await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();
    expect(first.log()).toContain('"message":"stopped"');

    const second = await start("--no-worker");
    const job = (await (await fetch(`${second.url}/api/jobs/${jobId}`)).json()) as Record<string, unknown>;
    expect(job).toMatchObject({ status: "queued", attempt: 1, lease: null, finishedAt: null });
    expect(github.requests()).toBe(before);
    github.release();
    const third = await start();
    const events = await ended(third.url, jobId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ type }) => type === "job.started")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("job.completed");
    const summary = (await (await fetch(`${third.url}/api/jobs/${jobId}/summary`)).json()) as {
      ok: boolean;
      attempts: number;
    };
    expect(summary).toMatchObject({ ok: true, attempts: 1 });
    const leads = await (await fetch(`${third.url}/api/jobs/${jobId}/leads.json`)).text();

    // The same campaign undisturbed comes to the same leads, and what was in flight is all that was asked twice.
    const disturbedRequests = github.requests();
    const undisturbed = await startServer([], {
      ...place,
      env: { ...place.env, CMO_STORE: join(folder, "other.db") },
    });
    servers.push(undisturbed);
    const other = await submit(undisturbed.url);
    await ended(undisturbed.url, other);
    const bare = (text: string) => text.replaceAll(/"(fetchedAt|firstSeenAt)": ?"[^"]*"/g, "");
    expect(bare(await (await fetch(`${undisturbed.url}/api/jobs/${other}/leads.json`)).text())).toBe(
      bare(leads),
    );
    const undisturbedRequests = github.requests() - disturbedRequests;
    expect(disturbedRequests).toBeLessThanOrEqual(undisturbedRequests + inFlight);

    for (const { log } of servers) {
      expect(log()).not.toContain(token);
      // Addresses of people are in leads, and in no line of a log.
      const addresses = [...leads.matchAll(/"email": ?"([^"]+)"/g)].map(([, address = ""]) => address);
      expect(addresses.length).toBeGreaterThan(0);
      expect(addresses.filter((address) => log().includes(address))).toEqual([]);
    }
    expect([...github.authorizations].join()).toContain(token);
  });

  it("ends with 0 although a client is connected, and idle", async () => {
    const server = await start();
    // Keeps its connection open, as a browser does.
    const idle = await fetch(`${server.url}/healthz`, { headers: { Connection: "keep-alive" } });
    await idle.text();
    server.kill("SIGINT");
    expect(await server.ended).toBe(0);
  });

  it("ends at once when it is told twice", async () => {
    const server = await start();
    const held = github.hold(3);
    await submit(server.url);
    await held;
    server.kill("SIGTERM");
    server.kill("SIGINT");
    expect([0, 130]).toContain(await server.ended);
  });
});
