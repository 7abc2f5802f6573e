import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp, type ListeningApp, listen } from "../../src/index.ts";
import { openAnswerChecker } from "../support/answer-checker.ts";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";

describe("Every answer", () => {
  let place: ApiPlace;
  let listening: ListeningApp;
  let jobId: string;
  beforeAll(async () => {
    place = await openApiPlace({ location: "memory" });
    jobId = await place.submit();
    await place.work(jobId);
    listening = await listen(place.app);
  });
  afterAll(async () => {
    await listening.close();
    await place.close();
  });

  function expectSafe(answer: Response, what: string): void {
    const header = (name: string) => answer.headers.get(name);
    expect(header("x-content-type-options"), what).toBe("nosniff");
    expect(header("x-frame-options"), what).toBe("DENY");
    expect(header("referrer-policy"), what).toBe("no-referrer");
    expect(header("cross-origin-resource-policy"), what).toBe("same-origin");
    expect(header("access-control-allow-origin"), what).toBeNull();
    expect(header("server"), what).toBeNull();
    expect(header("x-powered-by"), what).toBeNull();
    if (answer.status === 302) return;
    const isPage = header("content-type")?.startsWith("text/html") ?? false;
    expect(header("content-security-policy"), what).toMatch(
      isPage ? /^default-src 'none'; style-src 'sha256-/ : /^default-src 'none'; frame-ancestors 'none'$/,
    );
    if (!isPage) expect(header("cache-control"), what).toBe("no-store");
  }

  it("has the headers that keep browsers from guessing, framing, caching and telling", async () => {
    const { operations } = await openAnswerChecker(place.app);
    const end = new AbortController();
    for (const { method, path } of operations) {
      if (path === "/api/jobs" && method === "DELETE") continue;
      const target = path
        .replace("{id}", jobId)
        .replace("{name}", `${jobId}_leads.csv`)
        .replace("{login}", "nobody");
      for (const query of ["", "?nonsense=1"]) {
        const answer = await fetch(`${listening.url}${target}${query}`, {
          method,
          redirect: "manual",
          signal: end.signal,
        });
        expectSafe(answer, `${method} ${target}${query} ${answer.status}`);
      }
      const wrong = await fetch(`${listening.url}${target}`, { method: "PATCH" });
      expectSafe(wrong, `PATCH ${target}`);
      if (method === "DELETE" && path === "/api/jobs/{id}") {
        jobId = await place.submit();
        await place.work(jobId);
      }
    }
    end.abort();
    for (const path of ["/nothing", "/api", "/favicon.ico", "/%zz"])
      expectSafe(await fetch(`${listening.url}${path}`), path);
  });

  it("tells of an error of ours no more than that there was one, without its text, its stack or a path", async () => {
    const lines: string[] = [];
    const say = (message: string, facts: object = {}) =>
      void lines.push(JSON.stringify({ message, ...facts }));
    const log = { ...place.parts.log, error: say };
    const service = {
      ...place.parts.service("local"),
      job: () => Promise.reject(new TypeError("canary in /home/somebody/cmo.db")),
      jobs: () => {
        throw "canary thrown as text";
      },
    };
    const broken = await listen(createApp({ ...place.parts, log, service: () => service }), {
      onFailure: (thrown) => say(String(thrown)),
    });
    for (const path of ["/api/jobs/x", "/api/jobs"]) {
      const answer = await fetch(`${broken.url}${path}`);
      expect(answer.status).toBe(500);
      expectSafe(answer, path);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ code: "internal", status: 500 });
      expect(text).not.toMatch(/canary|TypeError|\.ts|node_modules/);
    }
    expect(lines.join("\n")).toContain("canary in");
    expect(lines.join("\n")).toContain("canary thrown");
    await broken.close();
  });
});
