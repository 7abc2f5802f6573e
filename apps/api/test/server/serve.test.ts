import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClock } from "@cmo/engine";
import { createNodeHost, type Host } from "@cmo/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ServeOptions, serve } from "../../src/index.ts";
import { bearer } from "../support/test-keys.ts";

describe("serve", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-api-serve-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function serveWhile(
    options: ServeOptions,
    work: (url: string) => Promise<void>,
    more: Partial<Host> = {},
  ) {
    const stop = new AbortController();
    const lines: string[] = [];
    let listening: (url: string) => void = () => {};
    const url = new Promise<string>((resolve) => {
      listening = resolve;
    });
    const code = serve(
      { port: 0, store: "memory", ...options },
      {
        host: { ...createNodeHost(), env: {}, home: folder, cwd: folder, ...more },
        signal: stop.signal,
        write: (line) => lines.push(line),
        onListening: listening,
      },
    );
    await Promise.race([url.then(work), code]);
    stop.abort();
    return { code: await code, lines };
  }

  it("works on what it is given until it is told to stop, and ends with 0", async () => {
    const { code, lines } = await serveWhile({}, async (url) => {
      const submitted = await fetch(`${url}/api/jobs`, {
        method: "POST",
        headers: { "Content-Type": "application/yaml" },
        body: "params: { language: Python, target_leads: 2 }\nsource: { type: simulator, seed: 7, repositories: 100 }\n",
      });
      const { jobId } = (await submitted.json()) as { jobId: string };
      const events = await (await fetch(`${url}/api/jobs/${jobId}/events`)).text();
      expect(events).toContain('"type":"job.completed"');
      expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
        /^cmo_jobs_ended_total\{status="completed",code="none"\} 1$/m,
      );
    });
    expect(code).toBe(0);
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(
      expect.arrayContaining(["listening", "job taken", "job ended", "stopping", "stopped"]),
    );
  });

  it("ends with 1 when stopping takes longer than it may", async () => {
    const clock = createClock(globalThis);
    const stopWithinMs = 12_345;
    // For this limit, no time is left.
    const sleep: typeof clock.sleep = (ms, signal) =>
      ms === stopWithinMs ? Promise.resolve() : clock.sleep(ms, signal);
    const { code, lines } = await serveWhile({ stopWithinMs }, async () => {}, {
      clock: { now: clock.now, sleep },
    });
    expect(code).toBe(1);
    expect(lines.join("")).toContain("did not stop in time");
  });

  it("does not wait for a client that is connected and idle", async () => {
    const clock = createClock(globalThis);
    const stopWithinMs = 12_345;
    // No limit is ever over: who waited for the client would wait for ever.
    const sleep: typeof clock.sleep = (ms, signal) =>
      clock.sleep(ms > stopWithinMs / 2 && ms <= stopWithinMs ? 1_000_000_000 : ms, signal);
    const agent = new Agent({ keepAlive: true });
    const { code } = await serveWhile(
      { stopWithinMs },
      (url) =>
        new Promise((resolve, reject) => {
          get(`${url}/healthz`, { agent }, (answer) => answer.on("end", resolve).resume()).on(
            "error",
            reject,
          );
        }),
      { clock: { now: clock.now, sleep } },
    );
    expect(code).toBe(0);
    agent.destroy();
  });

  it("lets a key ask as often as the operator says", async () => {
    const text = `cmo_abcd_${"x".repeat(40)}`;
    const env = {
      CMO_API_KEYS: `abcd:works:member:${createHash("sha256").update(text).digest("hex")}`,
      CMO_REQUESTS_PER_MINUTE: "2",
    };
    // Half a minute later there would be one more.
    const { now, sleep } = createClock(globalThis);
    const startedAt = now();
    const statuses: number[] = [];
    const { code } = await serveWhile(
      {},
      async (url) => {
        for (let count = 0; count < 3; count += 1) {
          statuses.push((await fetch(`${url}/api/jobs`, { headers: bearer(text) })).status);
        }
      },
      { env, clock: { now: () => startedAt, sleep } },
    );
    expect({ code, statuses }).toEqual({ code: 0, statuses: [200, 200, 429] });
  });

  it("ends with 2, and no exception, for what it cannot be", async () => {
    const { code } = await serveWhile({ host: "0.0.0.0" }, async () => {});
    expect(code).toBe(2);
  });
});
