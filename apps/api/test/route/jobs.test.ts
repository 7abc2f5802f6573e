import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { submissionSchema } from "@cmo/contract";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAnswerChecker } from "../support/answer-checker.ts";
import { type ApiPlace, openApiPlace, smallConfig } from "../support/api-place.ts";

const json = { "Content-Type": "application/json" };

describe("Jobs over HTTP", () => {
  let place: ApiPlace;
  beforeAll(async () => {
    place = await openApiPlace({ limits: { bodyBytes: 10_000 } });
  });
  afterAll(() => place.close());

  const ask = (method: string, path: string, more: RequestInit = {}) =>
    place.app.request(`http://127.0.0.1${path}`, { method, ...more });
  const submit = (body: unknown, headers: Record<string, string> = {}) =>
    ask("POST", "/api/jobs", {
      headers: { ...json, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const problemOf = async (answer: Response) => {
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    return (await answer.json()) as {
      code: string;
      status: number;
      problems?: { path: string[]; message: string }[];
    };
  };

  it("submits a config and says where the job is", async () => {
    const answer = await submit({ config: smallConfig, priority: 3 });
    expect(answer.status).toBe(201);
    const submission = v.parse(submissionSchema, await answer.json());
    expect(submission).toMatchObject({ name: "small", targetLeads: 5, priority: 3, warnings: [] });
    expect(answer.headers.get("location")).toBe(`/api/jobs/${submission.jobId}`);
    const read = await ask("GET", answer.headers.get("location") ?? "");
    expect(await read.json()).toMatchObject({ id: submission.jobId, status: "queued", priority: 3 });
  });

  it("takes the YAML of a config as the body, with the rest in the query", async () => {
    const yaml = "# mine\nname: from-yaml\nparams: { language: Go, target_leads: 7 }\nsource: simulator\n";
    for (const type of ["application/yaml", "text/yaml; charset=utf-8", "application/x-yaml"]) {
      const answer = await ask("POST", "/api/jobs?set=target_leads=9&set=stars_range=1..2&priority=-4", {
        headers: { "Content-Type": type },
        body: yaml,
      });
      expect(answer.status).toBe(201);
      expect(await answer.json()).toMatchObject({ name: "from-yaml", targetLeads: 9, priority: -4 });
    }
  });

  it("S21 tells what is wrong with a YAML with its key and line, and starts nothing", async () => {
    const before = await (await ask("GET", "/api/jobs?limit=1000")).json();
    const answer = await ask("POST", "/api/jobs?set=targt_leads=9", {
      headers: { "Content-Type": "application/yaml" },
      body: "params:\n  langage: Go\n",
    });
    expect(answer.status).toBe(422);
    const { code, problems = [] } = await problemOf(answer);
    expect(code).toBe("config_invalid");
    expect(problems).toContainEqual(
      expect.objectContaining({ path: ["params", "langage"], line: 2, suggestion: "language" }),
    );
    expect(problems.some(({ path }) => path.join(" ").includes("targt_leads"))).toBe(true);
    expect(await (await ask("GET", "/api/jobs?limit=1000")).json()).toEqual(before);
  });

  it("takes the older form, with a file of the server", async () => {
    const configs = join(place.folder, "config");
    await mkdir(configs);
    await writeFile(join(configs, "mine.yaml"), "params: { language: Go }\nsource: simulator\n");
    const served = await openApiPlace({ location: "memory", configDirectory: configs });
    const answer = await served.app.request("http://127.0.0.1/api/jobs", {
      method: "POST",
      headers: json,
      body: JSON.stringify({ goal: "Find people", metadata: { who: "me" }, config_path: "mine.yaml" }),
    });
    expect(answer.status).toBe(201);
    const { warnings } = v.parse(submissionSchema, await answer.json());
    expect(warnings.map(({ path }) => path)).toContainEqual(["metadata"]);
    await served.close();
  });

  it("S42 lets no config_path lead out of the server's folder", async () => {
    const configs = join(place.folder, "locked");
    await mkdir(configs);
    await writeFile(join(place.folder, "secret.yaml"), "name: canary-outside\n");
    await symlink(join(place.folder, "secret.yaml"), join(configs, "link.yaml"));
    const served = await openApiPlace({ location: "memory", configDirectory: configs });
    const names = [
      "../secret.yaml",
      "..\\secret.yaml",
      "link.yaml",
      join(place.folder, "secret.yaml"),
      "nothing.yaml",
      "C:secret.yaml",
    ];
    for (const name of [
      ...names,
      "file:///etc/passwd",
      "..%2fsecret.yaml",
      ".",
      "..",
      "secret.yaml/../../secret.yaml",
    ]) {
      const answer = await served.app.request("http://127.0.0.1/api/jobs", {
        method: "POST",
        headers: json,
        body: JSON.stringify({ config_path: name }),
      });
      expect([400, 422], name).toContain(answer.status);
      const { problems } = await problemOf(answer);
      expect(problems?.[0]?.path, name).toEqual(["config_path"]);
      expect(JSON.stringify(problems)).not.toContain("canary-outside");
    }
    await served.close();
  });

  it.each([
    ["a blank goal", { goal: "   " }, ["goal"]],
    ["metadata that is a list", { goal: "x", metadata: ["a"] }, ["metadata"]],
    ["a goal that is a number", { goal: 7 }, ["goal"]],
    ["a key that nobody knows", { config: smallConfig, priorty: 1 }, ["priorty"]],
    ["a priority beyond its bounds", { config: smallConfig, priority: 1e6 }, ["priority"]],
    ["a priority that is text", { config: smallConfig, priority: "high" }, ["priority"]],
    ["a time that is none", { config: smallConfig, notBefore: "tomorrow" }, ["notBefore"]],
    ["a config that is a list", { config: [1] }, ["config"]],
    ["a spec and a config", { spec: {}, config: smallConfig }, ["config"]],
    ["a list", [], []],
  ])("S36 refuses %s, and names the field", async (_, body, path) => {
    const answer = await submit(body);
    expect(answer.status).toBe(400);
    const { code, problems } = await problemOf(answer);
    expect(code).toBe("usage");
    expect(problems?.map((problem) => problem.path)).toContainEqual(path);
  });

  it.each([
    ["half a JSON", '{"config":'],
    ["an empty body", ""],
    ["numbers beyond all bounds", '{"config":{"params":{"target_leads":1e999}}}'],
    ["keys of prototypes", '{"config":{"__proto__":{"polluted":true}}}'],
    ["half a character", '{"goal":"\\ud800"}'],
    ["a NUL", '{"goal":"a\\u0000"}'],
    ["thousands of levels", `{"config":${"[".repeat(4_000)}${"]".repeat(4_000)}}`],
  ])("S36 refuses %s", async (_, body) => {
    const answer = await submit(body);
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).code).toBe("usage");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("S36 refuses text that is no UTF-8, and media types that are none of a config", async () => {
    const bytes = await ask("POST", "/api/jobs", {
      headers: json,
      body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    });
    expect(bytes.status).toBe(400);
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/json; charset=utf-16",
      "",
    ]) {
      const answer = await ask("POST", "/api/jobs", { headers: { "Content-Type": type }, body: "{}" });
      expect(answer.status, type).toBe(415);
      expect((await problemOf(answer)).problems?.[0]?.path).toEqual(["Content-Type"]);
    }
    const packed = await submit({ config: smallConfig }, { "Content-Encoding": "gzip" });
    expect(packed.status).toBe(415);
  });

  it("S36 refuses a body over the limit, whether it says so or not", async () => {
    const large = JSON.stringify({ config: { name: "x".repeat(20_000) } });
    expect((await submit(large)).status).toBe(413);
    const pieces = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.from("x".repeat(1_000)));
      },
    });
    const endless = await ask("POST", "/api/jobs", {
      headers: json,
      body: pieces,
      duplex: "half",
    } as RequestInit);
    expect(endless.status).toBe(413);
    expect((await problemOf(endless)).code).toBe("usage");
  });

  it("never repeats a value that was sent into the wrong field", async () => {
    const answer = await submit({
      priority: "canary-value",
      goal: { canary: "canary-value" },
      notBefore: "canary-value",
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain("canary-value");
    const query = await ask("GET", "/api/jobs?limit=canary-value&status=canary-value");
    expect(query.status).toBe(400);
    expect(await query.text()).not.toContain("canary-value");
  });

  it("S38 makes one job of the same idempotency key, and refuses another request with it", async () => {
    const key = { "Idempotency-Key": "once-1" };
    const first = await submit({ config: smallConfig, priority: 1 }, key);
    const again = await submit({ priority: 1, config: smallConfig }, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    const other = await submit({ config: smallConfig, priority: 2 }, key);
    expect(other.status).toBe(422);
    expect((await problemOf(other)).code).toBe("conflict");
    const invalid = await submit({ config: smallConfig }, { "Idempotency-Key": "two words" });
    expect(invalid.status).toBe(400);
  });

  it("lists jobs in pages, the newest first, and of the statuses that are asked for", async () => {
    const all: string[] = [];
    let after: string | null = null;
    do {
      const page = (await (
        await ask("GET", `/api/jobs?limit=2${after === null ? "" : `&after=${after}`}`)
      ).json()) as {
        jobs: { id: string }[];
        next: string | null;
      };
      expect(page.jobs.length).toBeLessThanOrEqual(2);
      all.push(...page.jobs.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect(new Set(all).size).toBe(all.length);
    const queued = (await (await ask("GET", "/api/jobs?status=queued,running&limit=1000")).json()) as {
      jobs: { id: string }[];
    };
    expect(queued.jobs.map(({ id }) => id)).toEqual(all);
    const twice = await ask("GET", "/api/jobs?status=completed&status=failed");
    expect(await twice.json()).toEqual({ jobs: [], next: null });
  });

  it("lists the runs of schedules, says which comes next, and ends a schedule with the run that waits", async () => {
    const schedule = { cron: "0 6 * * 1", time_zone: "Europe/Vienna", first_run: "scheduled" };
    const answer = await submit({ config: { ...smallConfig, name: "scheduled", schedule } });
    const { jobId, notBefore } = v.parse(submissionSchema, await answer.json());
    expect(new Date(notBefore ?? 0).getUTCDay()).toBe(1);
    const list = async () =>
      (await ask("GET", "/api/jobs?scheduled=true&status=queued,running,paused")).json();
    expect(await list()).toMatchObject({
      jobs: [
        {
          id: jobId,
          state: "scheduled",
          schedule: {
            cron: "0 6 * * 1",
            timeZone: "Europe/Vienna",
            nextJobId: expect.stringMatching(/^job_/),
          },
        },
      ],
    });
    expect((await ask("POST", `/api/jobs/${jobId}/cancel`)).status).toBe(202);
    expect(await list()).toMatchObject({ jobs: [] });
    const wrong = await submit({ config: { ...smallConfig, schedule: { ...schedule, time_zone: "Mars" } } });
    expect(wrong.status).toBe(422);
    expect((await problemOf(wrong)).problems?.map(({ path }) => path)).toEqual([["schedule", "time_zone"]]);
  });

  it("refuses keys of a query that it does not know, with the nearest name, and values that are not right", async () => {
    const unknown = await problemOf(await ask("GET", "/api/jobs?limt=5"));
    expect(unknown.problems).toEqual([
      { path: ["limt"], message: "is no parameter here; did you mean limit?", suggestion: "limit" },
    ]);
    for (const query of [
      "limit=0",
      "limit=1001",
      "limit=1e2",
      "limit=",
      "limit=2&limit=3",
      "status=done",
      "after=",
    ]) {
      const answer = await ask("GET", `/api/jobs?${query}`);
      expect(answer.status, query).toBe(400);
      expect((await problemOf(answer)).problems?.[0]?.path, query).toEqual([query.split("=")[0]]);
    }
    const misplaced = await ask("POST", "/api/jobs?priority=3", {
      headers: json,
      body: JSON.stringify({ config: smallConfig }),
    });
    expect(misplaced.status).toBe(400);
  });

  it("S17 pauses, resumes, cancels and retries, each with what came of it", async () => {
    const jobId = await place.submit();
    const control = async (verb: string) => {
      const answer = await ask("POST", `/api/jobs/${jobId}/${verb}`);
      return {
        status: answer.status,
        body: (await answer.json()) as Record<string, unknown>,
        location: answer.headers.get("location"),
      };
    };
    expect(await control("pause")).toMatchObject({ status: 202, body: { id: jobId, status: "paused" } });
    expect(await control("pause")).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await control("retry")).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await control("resume")).toMatchObject({ status: 202, body: { status: "queued" } });
    expect(await control("cancel")).toMatchObject({ status: 202, body: { status: "cancelled" } });
    expect(await control("resume")).toMatchObject({ status: 409 });
    const retried = await control("retry");
    expect(retried).toMatchObject({ status: 201, body: { parentJobId: jobId, status: "queued" } });
    expect(retried.location).toBe(`/api/jobs/${String(retried.body.id)}`);
  });

  it("answers HEAD as GET without a body, and says which methods an address takes", async () => {
    const head = await ask("HEAD", "/api/jobs");
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    for (const [method, path, allow] of [
      ["PUT", "/api/jobs", "GET, HEAD, POST, DELETE"],
      ["GET", "/api/jobs/x/pause", "POST"],
      ["DELETE", "/api/validate", "POST"],
      ["POST", "/healthz", "GET, HEAD"],
      ["OPTIONS", "/api/jobs/x", "GET, HEAD, DELETE"],
    ] as const) {
      const answer = await ask(method, path);
      expect(answer.status, path).toBe(405);
      expect(answer.headers.get("allow"), path).toBe(allow);
      expect((await problemOf(answer)).status).toBe(405);
    }
    for (const path of [
      "/api",
      "/api/",
      "/api/job",
      "/api/jobs/",
      "/api/jobs/x/y",
      "/nothing",
      "/api/jobs/a/b/c/d",
    ]) {
      expect((await ask("GET", path)).status, path).toBe(404);
    }
  });

  it("S36 answers 404 for a job that is not there on every route that names one", async () => {
    const document = (await (await ask("GET", "/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      path.includes("{id}") ? Object.keys(item).map((method) => [method.toUpperCase(), path] as const) : [],
    );
    expect(routes.length).toBeGreaterThan(12);
    for (const [method, path] of routes) {
      const answer = await ask(
        method,
        path
          .replace("{id}", "job_00000000000000000000")
          .replace("{name}", "job_00000000000000000000_leads.csv"),
      );
      expect(answer.status, `${method} ${path}`).toBe(404);
      expect((await problemOf(answer)).code).toBe("not_found");
    }
  });

  it("forks a job as its document says, and tells what a fork cannot be", async () => {
    const checker = await openAnswerChecker(place.app);
    const operation = checker.operations.find(({ path }) => path.endsWith("/fork"));
    if (operation === undefined) throw new Error("no such route");
    const jobId = await place.submit();
    const fork = async (body: unknown, id = jobId) => {
      const answer = await ask("POST", `/api/jobs/${id}/fork`, { headers: json, body: JSON.stringify(body) });
      const text = await answer.text();
      expect(checker.problemOf(operation, answer, text)).toBeNull();
      return { status: answer.status, location: answer.headers.get("location"), told: JSON.parse(text) };
    };
    expect((await fork({})).status).toBe(409);
    await place.work(jobId);
    const { status, location, told } = await fork({ set: ["scoring.version=2"] });
    expect({ status, location }).toEqual({ status: 201, location: `/api/jobs/${told.id}` });
    expect(told).toMatchObject({ parentJobId: jobId, status: "queued" });
    await place.work(told.id);
    const summary = (await (await ask("GET", `/api/jobs/${told.id}/summary`)).json()) as object;
    expect(summary).toMatchObject({ ok: true, quota: { requests: 0 }, parentJobId: jobId });
    for (const [body, wanted, path] of [
      [{ set: ["language=Rust"] }, 400, ["icp", "languages"]],
      [{ set: ["scoring.verson=2"] }, 422, ["--set", "scoring", "verson"]],
      [{ set: "scoring.version=2" }, 400, ["set"]],
      [{ set: [], allowRequests: 1 }, 400, ["allowRequests"]],
      [{ parentJobId: "x" }, 400, ["parentJobId"]],
      [[], 400, []],
    ] as const) {
      const refused = await fork(body);
      expect(refused.status, JSON.stringify(body)).toBe(wanted);
      expect(refused.told.problems).toContainEqual(expect.objectContaining({ path }));
    }
    expect((await fork({ set: ["language=Rust"], allowRequests: true })).status).toBe(201);
    expect((await fork({}, "job_none")).status).toBe(404);
  });
});
