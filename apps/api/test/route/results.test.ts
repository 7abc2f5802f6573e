import { mkdtemp, readFile, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobDiffSchema, leadPageSchema, runSummarySchema } from "@cmo/contract";
import { createLog, exportJob } from "@cmo/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp, listen } from "../../src/index.ts";
import { openAnswerChecker } from "../support/answer-checker.ts";
import { type ApiPlace, openApiPlace, smallConfig } from "../support/api-place.ts";

describe("Results over HTTP", () => {
  let place: ApiPlace;
  let jobId: string;
  let exports: string;
  beforeAll(async () => {
    place = await openApiPlace();
    jobId = await place.submit();
    await place.work(jobId);
    exports = await mkdtemp(join(tmpdir(), "cmo-api-exports-"));
    const presets = ["hubspot", "salesforce", "attio"];
    await exportJob({ engine: place.runtime.engine, jobId, directory: exports, presets });
  });
  afterAll(async () => {
    await place.close();
    await rm(exports, { recursive: true, force: true });
  });
  const ask = (path: string, init: RequestInit = {}) =>
    place.app.request(`http://127.0.0.1/api/jobs/${jobId}${path}`, init);
  const written = (name: string) => readFile(join(exports, `${jobId}_${name}`), "utf8");

  it("S01 serves the bytes of the files that an export writes", async () => {
    for (const [path, name, type] of [
      ["/summary", "summary.json", "application/json"],
      [`/artifacts/${jobId}_summary.json`, "summary.json", "application/json"],
      ["/leads.json", "leads.json", "application/json"],
      ["/leads.csv", "leads.csv", "text/csv"],
      ["/leads.hubspot", "leads_hubspot.csv", "text/csv"],
      ["/leads.salesforce", "leads_salesforce.csv", "text/csv"],
      ["/leads.attio", "leads_attio.csv", "text/csv"],
      [`/artifacts/${jobId}_leads.csv`, "leads.csv", "text/csv"],
    ] as const) {
      const answer = await ask(path);
      expect(answer.status, path).toBe(200);
      expect(await answer.text(), path).toBe(await written(name));
      expect(answer.headers.get("content-type"), path).toContain(type);
      if (path !== "/summary") {
        expect(answer.headers.get("content-disposition"), path).toBe(
          `attachment; filename="${jobId}_${name}"`,
        );
      }
    }
  });

  it("S04 names the files that there are, and each can be had by its name", async () => {
    const list = (await (await ask("/artifacts")).json()) as { artifacts: { name: string }[] };
    expect(list.artifacts.length).toBeGreaterThan(4);
    for (const { name } of list.artifacts) {
      expect(name.startsWith(jobId)).toBe(true);
      const answer = await ask(`/artifacts/${name}`);
      expect(answer.status, name).toBe(200);
      expect(await answer.text()).toBe(await written(name.slice(jobId.length + 1)));
    }
    for (const name of ["nothing.csv", "..%2f..%2fcmo.db", "cmo.db", `${jobId}_leads.exe`]) {
      expect((await ask(`/artifacts/${name}`)).status, name).toBe(404);
    }
  });

  it("gives the summary so far of a job that has not begun, and none of its files before its end", async () => {
    const waiting = await place.submit();
    const at = (path: string) => place.app.request(`http://127.0.0.1/api/jobs/${waiting}${path}`);
    const summary = v.parse(runSummarySchema, await (await at("/summary")).json());
    expect(summary).toMatchObject({ jobId: waiting, status: "queued", ok: null });
    expect((await at(`/artifacts/${waiting}_leads.csv`)).status).toBe(409);
    expect(await (await at("/leads.json")).json()).toEqual({ count: 0, leads: [] });
  });

  it("S04 compares two jobs as its document says, and neither before its end", async () => {
    const checker = await openAnswerChecker(place.app);
    const operation = checker.operations.find(({ path }) => path.endsWith("/diff/{other}"));
    if (operation === undefined) throw new Error("no such route");
    const other = await place.submit({ params: { ...smallConfig.params, target_leads: 2 } });
    expect((await ask(`/diff/${other}`)).status).toBe(409);
    await place.work(other);
    for (const [path, told] of [
      [`/diff/${other}`, 100],
      [`/diff/${other}?limit=1`, 1],
      [`/diff/${jobId}`, 0],
    ] as const) {
      const answer = await ask(path);
      const text = await answer.text();
      expect(checker.problemOf(operation, answer, text)).toBeNull();
      const diff = v.parse(jobDiffSchema, JSON.parse(text));
      expect(diff.same, path).toBe(told === 0);
      expect(diff.gone.leads.length, path).toBe(Math.min(told, diff.gone.count));
    }
    for (const query of ["limit=-1", "limit=1001", "limit=x", "skip=1"]) {
      expect((await ask(`/diff/${other}?${query}`)).status, query).toBe(400);
    }
    expect((await ask("/diff/job_none")).status).toBe(404);
  });

  it("pages, sorts and filters leads", async () => {
    const page = async (query: string) =>
      v.parse(leadPageSchema, await (await ask(`/leads?${query}`)).json());
    const all = await page("limit=1000");
    expect(all.next).toBeNull();
    expect(all.total).toBe(all.leads.length);
    const first = await page("limit=2");
    const rest = await page(`limit=1000&offset=${first.next}`);
    expect([...first.leads, ...rest.leads]).toEqual(all.leads);
    const byScore = await page("sort=-score");
    expect(byScore.leads.map(({ score }) => score)).toEqual(
      all.leads.map(({ score }) => score).toSorted((one, other) => other - one),
    );
    const contactable = await page("contactable=true");
    expect(contactable.leads).toEqual(all.leads.filter((lead) => lead.contactable));
    const [someone] = all.leads;
    const found = await page(`search=${encodeURIComponent(someone?.login ?? "")}&minScore=0`);
    expect(found.leads.map(({ login }) => login)).toContain(someone?.login);
    const sliced = await (await ask("/leads.csv?skip=1&limit=1&sort=-score")).text();
    expect(sliced.trimEnd().split("\r\n")).toHaveLength(2);
    for (const query of ["sort=age", "offset=-1", "limit=0", "contactable=yes", "minScore=high", "search="]) {
      expect((await ask(`/leads?${query}`)).status, query).toBe(400);
    }
  });

  it("answers HEAD of a file with its headers, and reads nothing of it", async () => {
    const answer = await ask("/leads.csv", { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).toContain("_leads.csv");
    expect(await answer.text()).toBe("");
  });

  it("makes no more of a file than its reader takes, and stops when the reader goes away", async () => {
    let made = 0;
    let given = false;
    const piece = "x".repeat(65_536);
    const service = {
      ...place.parts.service("local"),
      leadsFile: async () => ({
        mediaType: "text/csv",
        pieces: (async function* () {
          try {
            for (;;) {
              made += piece.length;
              yield piece;
            }
          } finally {
            given = true;
          }
        })(),
      }),
    };
    const listening = await listen(createApp({ ...place.parts, service: () => service }));
    await new Promise<void>((resolve, reject) => {
      get(`${listening.url}/api/jobs/${jobId}/leads.csv`, (answer) => {
        answer.pause();
        // Nobody reads: what is made comes to a stand at what sockets hold.
        let before = -1;
        const look = setInterval(() => {
          if (made !== before) {
            before = made;
            return;
          }
          clearInterval(look);
          answer.destroy();
          resolve();
        }, 200);
      }).on("error", reject);
    });
    expect(made).toBeLessThan(64_000_000);
    await expect.poll(() => given).toBe(true);
    await listening.close();
  });

  it("S08 cuts off whoever takes a file and stops reading, after a while", async () => {
    let given = false;
    const service = {
      ...place.parts.service("local"),
      leadsFile: async () => ({
        mediaType: "text/csv",
        pieces: (async function* () {
          try {
            for (;;) yield "x".repeat(65_536);
          } finally {
            given = true;
          }
        })(),
      }),
    };
    const app = createApp({ ...place.parts, service: () => service });
    const listening = await listen(app, { idleTimeoutMs: 500 });
    const stalled = get(`${listening.url}/api/jobs/${jobId}/leads.csv`, (answer) => answer.pause());
    stalled.on("error", () => {});
    await expect.poll(() => given).toBe(true);
    stalled.destroy();
    await listening.close();
  });

  it("tells of what goes wrong before a file begins, and cuts the connection when it does within", async () => {
    let calls = 0;
    const service = {
      ...place.parts.service("local"),
      leadsFile: async () => {
        calls += 1;
        const isLate = calls > 1;
        return {
          mediaType: "text/csv",
          pieces: (async function* () {
            if (isLate) yield "x".repeat(100_000);
            throw new TypeError("canary-within");
          })(),
        };
      },
    };
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line), now: () => 0, redact: (text) => text });
    const listening = await listen(createApp({ ...place.parts, service: () => service, log }));
    const address = `${listening.url}/api/jobs/${jobId}/leads.csv`;
    const early = await fetch(address);
    expect(early.status).toBe(500);
    expect(await early.text()).not.toContain("canary-within");
    const late = await fetch(address);
    expect(late.status).toBe(200);
    await expect(late.text()).rejects.toThrow();
    // Who runs the server learns of both.
    expect(lines.filter((line) => line.includes("canary-within"))).toHaveLength(2);
    await listening.close();
  });
});
