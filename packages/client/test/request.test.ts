import { CmoError } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type Client, type ClientOptions, createClient } from "../src/index.ts";
import { jobDetail, jobView, submission } from "./support/answers.ts";
import {
  type Behaviour,
  deafAddress,
  type FakeApi,
  json,
  problem,
  startFakeApi,
} from "./support/fake-api.ts";
import { until } from "./support/until.ts";

const apis: FakeApi[] = [];
afterEach(async () => {
  for (const one of apis.splice(0)) await one.close();
});

async function start(behave: Behaviour): Promise<FakeApi> {
  const api = await startFakeApi(behave);
  apis.push(api);
  return api;
}

async function clientOf(
  behave: Behaviour,
  options: Partial<ClientOptions> = {},
): Promise<{ client: Client; api: FakeApi }> {
  const api = await start(behave);
  const quick = { backoff: { baseDelayMs: 1, maxDelayMs: 2 } };
  return { api, client: createClient({ baseUrl: api.baseUrl, ...quick, ...options }) };
}

const failure = (work: Promise<unknown>): Promise<CmoError> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(error).toBeInstanceOf(CmoError);
      return error as CmoError;
    },
  );

const key = "cmo_k1_abcdefghijklmnopqrstuvwxyz";

describe("a request", () => {
  it("goes to the address with its prefix, with the key and what the caller calls itself", async () => {
    const api = await start((response) => json(response, jobDetail));
    for (const end of ["", "/", "//"]) {
      const baseUrl = `${api.baseUrl}/some/prefix${end}`;
      const client = createClient({ baseUrl, apiKey: ` ${key}\n`, userAgent: "cmo/0.1.0" });
      await client.job("job/1?#ü");
    }
    const paths = api.requests.map(({ path }) => path);
    expect(paths).toEqual(Array(3).fill("/some/prefix/api/jobs/job%2F1%3F%23%C3%BC"));
    const [{ headers } = { headers: {} }] = api.requests;
    expect(headers).toMatchObject({ authorization: `Bearer ${key}`, "user-agent": "cmo/0.1.0" });
  });

  it("has no key when there is none", async () => {
    const { client, api } = await clientOf((response) => json(response, jobDetail), { apiKey: "  " });
    await client.job("job_1");
    expect(api.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("is made of what the caller asks for", async () => {
    const lists = { jobs: [], leads: [], entries: [], artifacts: [], next: null, total: 0 };
    const { client, api } = await clientOf((response, { method, path }) =>
      json(response, method === "POST" && path.startsWith("/api/jobs") ? jobView : lists),
    );
    await client.jobs({ status: ["queued", "running"], after: "job_9", limit: 5 });
    await client.jobs({ status: [] });
    await client.leads("job_1", {
      contactable: true,
      minScore: 1.5,
      search: "a b&c",
      sort: "-score",
      offset: 3,
    });
    await client.leads("job_1", { contactable: false, search: "", limit: 9 });
    await client.artifacts("job_1");
    await expect(client.diff("job_1", "job_2", { limit: 3 })).rejects.toMatchObject({
      code: "api_unreachable",
    });
    await client.suppressions({ after: "ff", limit: 2 });
    await client.addSuppressions(["someone@works.example"]);
    await client.removeSuppressions(["@works.example"]);
    await client.checkSuppressions(["someone"]);
    await client.pause("job_1");
    await client.resume("job_1");
    await client.cancel("job_1");
    await client.retry("job_1");
    await client.fork("job_1");
    await client.fork("job_1", { set: ["scoring.version=2"], allowRequests: true });
    expect(api.requests.map(({ method, path, body }) => [method, path, body].join(" ").trim())).toEqual([
      "GET /api/jobs?status=queued%2Crunning&after=job_9&limit=5",
      "GET /api/jobs",
      "GET /api/jobs/job_1/leads?contactable=true&minScore=1.5&search=a+b%26c&sort=-score&offset=3",
      "GET /api/jobs/job_1/leads?contactable=false&limit=9",
      "GET /api/jobs/job_1/artifacts",
      "GET /api/jobs/job_1/diff/job_2?limit=3",
      "GET /api/suppressions?after=ff&limit=2",
      'POST /api/suppressions {"entries":["someone@works.example"]}',
      'DELETE /api/suppressions {"entries":["@works.example"]}',
      'POST /api/suppressions/check {"entries":["someone"]}',
      "POST /api/jobs/job_1/pause",
      "POST /api/jobs/job_1/resume",
      "POST /api/jobs/job_1/cancel",
      "POST /api/jobs/job_1/retry",
      "POST /api/jobs/job_1/fork {}",
      'POST /api/jobs/job_1/fork {"set":["scoring.version=2"],"allowRequests":true}',
    ]);
  });

  it("gives the answer as it came, with what a newer server adds", async () => {
    const newer = { ...jobDetail, mood: "fine", progress: { ...jobDetail.progress, mood: "fine" } };
    const { client } = await clientOf((response) => json(response, newer));
    expect(await client.job("job_1")).toEqual(newer);
  });

  it.each(["", ".", "..", "\ud800"])("is not made for the name %j, which no path can hold", async (name) => {
    const { client, api } = await clientOf((response) => json(response, jobDetail));
    for (const call of [
      client.job(name),
      client.person(name),
      client.artifact("job_1", name),
      client.pause(name),
    ])
      expect((await failure(call)).code).toBe("not_found");
    expect(api.requests).toEqual([]);
  });
});

describe("an address or a key that is none", () => {
  it.each([
    "",
    "cmo.test",
    "ftp://cmo.test",
    "http://",
    "http://a b",
    "http://cmo.test/?x=1",
    "http://cmo.test/#x",
  ])("is refused: %j", (baseUrl) => {
    expect(() => createClient({ baseUrl })).toThrow(expect.objectContaining({ code: "usage" }));
  });

  it("is not repeated when it holds a secret", () => {
    for (const options of [
      { baseUrl: "http://someone:s3cret@cmo.test" },
      { baseUrl: "http://cmo.test", apiKey: "cmo_s3cret\u2026" },
      { baseUrl: "http://cmo.test", apiKey: "cmo_s3cret two" },
    ]) {
      const error = (() => {
        try {
          return createClient(options);
        } catch (thrown) {
          return thrown as CmoError;
        }
      })();
      expect(error).toMatchObject({ code: "usage", hint: expect.stringContaining("CMO_API_") });
      expect(String((error as CmoError).stack)).not.toContain("s3cret");
    }
  });
});

describe("an answer that tells of an error", () => {
  it("is the error that the service would have thrown", async () => {
    const problems = [{ path: ["params", "language"], message: "must be text", line: 3 }];
    const { client } = await clientOf((response) =>
      problem(response, 422, { code: "config_invalid", detail: "Not right.", hint: "Mend it.", problems }),
    );
    const error = await failure(client.submit({ config: {} }));
    expect(error).toMatchObject({
      code: "config_invalid",
      message: "Not right.",
      hint: "Mend it.",
      problems,
    });
  });

  it("of a code that this version does not know is one of its status", async () => {
    const { client, api } = await clientOf((response, _request, count) =>
      problem(response, [404, 409, 418, 507][count - 1] ?? 0, { code: "brand_new", detail: "New." }),
    );
    const codes: string[] = [];
    for (let count = 0; count < 4; count += 1) codes.push((await failure(client.job("job_1"))).code);
    expect(codes).toEqual(["not_found", "conflict", "usage", "internal"]);
    expect(api.requests).toHaveLength(4);
  });

  it("S37 of a key is api_refused, and names the variable to set", async () => {
    for (const status of [401, 403]) {
      const { client, api } = await clientOf((response) =>
        problem(response, status, { code: "unauthenticated", detail: "A key is needed.", hint: "Make one." }),
      );
      expect(await failure(client.jobs())).toMatchObject({
        code: "api_refused",
        message: "A key is needed.",
        hint: "Make one. Set CMO_API_KEY to a key of that server.",
      });
      const wrong = await failure(createClient({ baseUrl: api.baseUrl, apiKey: key }).jobs());
      expect(wrong).toMatchObject({
        code: "api_refused",
        hint: expect.stringContaining("Look at CMO_API_KEY"),
      });
      const bare = await clientOf((response) => void response.writeHead(status).end("<html>"));
      expect((await failure(bare.client.jobs())).code).toBe("api_refused");
      expect(api.requests).toHaveLength(2);
    }
  });

  it("never shows the key, even when the server repeats it", async () => {
    const { client } = await clientOf(
      (response) =>
        problem(response, 400, {
          code: "usage",
          detail: `Not ${key}.`,
          hint: `Not ${key}.`,
          problems: [{ path: ["x"], message: `is ${key}` }],
        }),
      { apiKey: key },
    );
    const error = await failure(client.jobs());
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain(key);
    expect(error.message).toBe("Not [key].");
  });
});

describe("an answer that is none of the API's", () => {
  const strangers: [string, Behaviour][] = [
    ["a page", (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>")],
    ["JSON of something else", (response) => json(response, { hello: "world" })],
    ["a wrong value deep inside", (response) => json(response, { ...jobDetail, percent: "12 %" })],
    ["nothing", (response) => void response.writeHead(200).end()],
    ["a 404 of a web server", (response) => void response.writeHead(404).end("<html>")],
    ["an error of another API", (response) => json(response, { error: { code: "nope" } }, 418)],
  ];
  it.each(strangers)("is not tried again: %s", async (_name, behave) => {
    const { client, api } = await clientOf(behave);
    const error = await failure(client.job("job_1"));
    expect(error).toMatchObject({
      code: "api_unreachable",
      retryable: false,
      hint: expect.stringContaining("CMO_API_URL"),
    });
    expect(error.message).not.toContain("12 %");
    expect(api.requests).toHaveLength(1);
  });

  it("says where it stopped being one", async () => {
    const { client } = await clientOf((response) => json(response, { ...jobDetail, percent: "12 %" }));
    expect((await failure(client.job("job_1"))).message).toContain("(percent: expected number)");
  });
});

describe("S42 a redirect", () => {
  it.each([301, 302, 303, 307, 308])("%i is not followed, and the key goes nowhere else", async (status) => {
    const thief = await start((response) => json(response, jobDetail));
    const { client, api } = await clientOf(
      (response, { path }) =>
        void response.writeHead(status, { location: `${thief.baseUrl}${path}?token=s3cret` }).end(),
      { apiKey: key },
    );
    for (const call of [
      () => client.job("job_1"),
      () => client.submit({ goal: "x" }),
      () => client.pause("j"),
    ]) {
      const error = await failure(call());
      expect(error).toMatchObject({ code: "api_unreachable", retryable: false });
      expect(error.message).toContain(`redirects to ${thief.baseUrl}`);
      expect(error.message).not.toContain("s3cret");
    }
    expect(api.requests).toHaveLength(3);
    expect(thief.requests).toEqual([]);
  });

  it("without an address, or one that is none, is an error too", async () => {
    const { client } = await clientOf(
      (response, _request, count) =>
        void response.writeHead(302, count === 1 ? {} : { location: "http://[" }).end(),
    );
    expect((await failure(client.jobs())).message).toContain("redirects to another address");
    expect((await failure(client.jobs())).message).toContain("redirects to another address");
  });
});

describe("a request that may be made again", () => {
  const hiccups: [string, Behaviour][] = [
    ["503 of a proxy", (response) => void response.writeHead(503).end("<html>")],
    ["502 of a proxy", (response) => void response.writeHead(502).end()],
    ["504 of a proxy", (response) => void response.writeHead(504).end()],
    [
      "a store that is away",
      (response) => problem(response, 503, { code: "store_unavailable", retryable: true }),
    ],
    ["too many requests", (response) => problem(response, 429, { code: "rate_limited", retryable: true })],
    ["too many requests, says a proxy", (response) => void response.writeHead(429).end()],
    ["a broken connection", (response) => void response.socket?.destroy()],
    [
      "an answer that breaks off",
      (response) => {
        response.writeHead(200, { "content-length": "500" });
        response.write('{"id":', () => response.socket?.destroy());
      },
    ],
  ];
  it.each(hiccups)("is, after %s", async (_name, hiccup) => {
    const { client, api } = await clientOf((response, request, count) =>
      count < 3 ? hiccup(response, request, count) : json(response, jobDetail),
    );
    expect(await client.job("job_1")).toEqual(jobDetail);
    expect(api.requests).toHaveLength(3);
  });

  it("is made three times more, and then the last error is told", async () => {
    const { client, api } = await clientOf((response) => void response.writeHead(502).end());
    expect(await failure(client.job("job_1"))).toMatchObject({ code: "api_unreachable", retryable: true });
    expect(api.requests).toHaveLength(4);
    const once = createClient({ baseUrl: api.baseUrl, retries: 0 });
    await failure(once.job("job_1"));
    expect(api.requests).toHaveLength(5);
  });

  it("S38 may be a submit: it has a key of its own, the same each time, and another one the next time", async () => {
    const { client, api } = await clientOf((response, _request, count) =>
      count === 1 ? void response.socket?.destroy() : json(response, submission, 201),
    );
    const request = { config: { name: "smoke" } };
    expect(await client.submit(request)).toEqual(submission);
    await client.submit(request);
    await client.submit(request, { idempotencyKey: "mine" });
    expect(api.requests.map(({ body }) => JSON.parse(body))).toEqual(Array(4).fill(request));
    const [first, again, second, own] = api.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    expect(own).toBe("mine");
    for (const idempotencyKey of ["", "ü", "a b", "x".repeat(256)]) {
      expect((await failure(client.submit(request, { idempotencyKey }))).code).toBe("usage");
    }
  });

  it("may be one whose second time comes to the same as the first", async () => {
    const { client, api } = await clientOf((response, _request, count) => {
      if (count % 2 === 1) response.socket?.destroy();
      else json(response, { entries: [], dryRun: true, jobs: [], held: [], state: null, files: null });
    });
    await client.addSuppressions(["someone"]);
    await client.removeSuppressions(["someone"]);
    await client.checkSuppressions(["someone"]);
    await client.eraseJobs({ all: true }, { dryRun: true });
    expect(api.requests).toHaveLength(8);
  });

  it("waits as long as the server says", async () => {
    const clock = createFakeClock();
    const api = await start((response, _request, count) =>
      count === 1
        ? problem(response, 429, { code: "rate_limited", retryable: true }, { "retry-after": "20" })
        : json(response, jobDetail),
    );
    const slept: number[] = [];
    const sleep: typeof clock.sleep = (ms, signal) => {
      slept.push(ms);
      return clock.sleep(ms, signal);
    };
    const client = createClient({ baseUrl: api.baseUrl, clock: { now: clock.now, sleep }, random: () => 1 });
    const answer = client.job("job_1");
    await until(() => slept.includes(20_500));
    await clock.advance(20_499);
    expect(api.requests).toHaveLength(1);
    await clock.advance(1);
    expect(await answer).toEqual(jobDetail);
  });

  it("does not wait for longer than a minute, but says when to come back", async () => {
    const { client, api } = await clientOf((response) =>
      problem(response, 429, { code: "rate_limited", retryable: true }, { "retry-after": "61" }),
    );
    expect(await failure(client.jobs())).toMatchObject({ code: "rate_limited", retryAfterMs: 61_000 });
    expect(api.requests).toHaveLength(1);
  });
});

describe("a request that must not be made twice", () => {
  const calls: [string, (client: Client) => Promise<unknown>][] = [
    ["pause", (client) => client.pause("job_1")],
    ["resume", (client) => client.resume("job_1")],
    ["cancel", (client) => client.cancel("job_1")],
    ["retry", (client) => client.retry("job_1")],
    ["fork", (client) => client.fork("job_1")],
    ["erase", (client) => client.eraseJobs({ all: true })],
    ["erasePerson", (client) => client.erasePerson("someone")],
  ];
  it.each(calls)("is not, once it may have arrived: %s", async (_name, call) => {
    for (const behave of [
      (response) => void response.socket?.destroy(),
      (response) => void response.writeHead(504).end(),
    ] satisfies Behaviour[]) {
      const { client, api } = await clientOf(behave);
      const error = await failure(call(client));
      expect(error).toMatchObject({ code: "api_unreachable", retryable: true });
      expect(error.message).toContain("Whether it was done is not known.");
      expect(api.requests).toHaveLength(1);
    }
  });

  it("is made again when the server says that it did nothing", async () => {
    const { client, api } = await clientOf((response, _request, count) =>
      count === 1
        ? problem(response, 429, { code: "rate_limited", retryable: true })
        : json(response, jobView, 202),
    );
    expect(await client.pause("job_1")).toEqual(jobView);
    expect(api.requests).toHaveLength(2);
  });

  it("is made again when nobody was reached", async () => {
    const baseUrl = await deafAddress();
    let attempts = 0;
    const client = createClient({
      baseUrl,
      backoff: { baseDelayMs: 1, maxDelayMs: 1 },
      fetch(url, init) {
        attempts += 1;
        return fetch(url, init);
      },
    });
    const error = await failure(client.pause("job_1"));
    expect(error.message).not.toContain("Whether it was done");
    expect(attempts).toBe(4);
  });
});

it("several jobs are erased one by one, and none before all are known to be there", async () => {
  const erased = (jobs: string[], dryRun: boolean) => ({
    dryRun,
    jobs,
    held: [],
    state: dryRun ? null : jobs[0] === "job_2" ? "pending" : "done",
    files: dryRun ? null : { rewritten: 0, removed: 2, missing: 1, failed: 0 },
  });
  const { client, api } = await clientOf((response, { path }) => {
    const id = /jobs\/(\w+)/.exec(path)?.[1] ?? "";
    if (id === "job_9") problem(response, 404, { code: "not_found", detail: "There is no job job_9." });
    else json(response, erased([id], path.endsWith("dryRun=true")), 202);
  });
  expect(await client.eraseJobs({ jobIds: ["job_1", "job_2", "job_3", "job_1"] })).toEqual({
    dryRun: false,
    jobs: ["job_1", "job_2", "job_3"],
    held: [],
    state: "pending",
    files: { rewritten: 0, removed: 6, missing: 3, failed: 0 },
  });
  const before = api.requests.length;
  expect((await failure(client.eraseJobs({ jobIds: ["job_1", "job_9"] }))).code).toBe("not_found");
  expect(api.requests.slice(before).every(({ path }) => path.endsWith("dryRun=true"))).toBe(true);
  await client.eraseJobs({ before: "2030-01-01T00:00:00.000Z" }, { dryRun: true });
  expect(api.requests.at(-1)?.path).toBe("/api/jobs?before=2030-01-01T00%3A00%3A00.000Z&dryRun=true");
});

describe("a server that is not there", () => {
  it("is told of by its address and nothing else", async () => {
    const baseUrl = await deafAddress();
    const client = createClient({ baseUrl, apiKey: key, backoff: { baseDelayMs: 1, maxDelayMs: 1 } });
    const error = await failure(client.jobs());
    expect(error).toMatchObject({
      code: "api_unreachable",
      message: `${baseUrl} does not answer (ECONNREFUSED).`,
      hint: expect.stringContaining("CMO_API_URL"),
      retryable: true,
    });
    expect(error.cause).toBeUndefined();
  });

  it("or does not answer in time is an error of every kind of request", async () => {
    const { client, api } = await clientOf(
      (response, _request, count) => {
        // The second answer begins, and never ends.
        if (count === 2) response.writeHead(200, { "content-type": "application/json" }).write("{");
      },
      { timeoutMs: 30, retries: 0 },
    );
    for (let count = 0; count < 2; count += 1) {
      expect((await failure(client.jobs())).message).toBe(`${api.baseUrl} did not answer within 0.03 s.`);
    }
    await until(() => api.open() === 0);
  });
});
