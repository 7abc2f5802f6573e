import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConsole } from "../../src/console/console-files.ts";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";
import { smallConsole } from "../support/small-console.ts";
import { testKeys } from "../support/test-keys.ts";

const base = "http://127.0.0.1:2660";

describe("The console", () => {
  let place: ApiPlace;
  beforeAll(async () => {
    place = await openApiPlace({ location: "memory", console: await smallConsole() });
  });
  afterAll(() => place.close());

  const ask = (path: string, headers: Record<string, string> = {}) =>
    place.app.request(`${base}${path}`, { headers: { host: "127.0.0.1:2660", ...headers } });

  it("is a page that may run its own files, ask its own server, and nothing else", async () => {
    const answer = await ask("/");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(await answer.text()).toContain("index-1a2b3c4d.js");
  });

  it("has files that are kept for ever, compressed for who takes that", async () => {
    const plain = await ask("/assets/index-1a2b3c4d.js", { "accept-encoding": "identity" });
    expect(plain.headers.get("cache-control")).toContain("immutable");
    expect(plain.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const text = await plain.text();
    const small = await ask("/assets/index-1a2b3c4d.js", { "accept-encoding": "br, gzip;q=0.5" });
    expect(small.headers.get("content-encoding")).toBe("gzip");
    expect(gunzipSync(new Uint8Array(await small.arrayBuffer())).toString()).toBe(text);
    const refused = await ask("/assets/index-1a2b3c4d.js", { "accept-encoding": "gzip;q=0" });
    expect(refused.headers.get("content-encoding")).toBeNull();
  });

  it("is not sent again to who has it", async () => {
    const tag = (await ask("/")).headers.get("etag") ?? "";
    const again = await ask("/", { "if-none-match": tag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it.each([
    "/assets/none.js",
    "/assets/..%2Findex.html",
    "/assets/%2e%2e%2fpackage.json",
    "/assets/__proto__",
    "/assets/constructor",
    "/assets/index-1a2b3c4d.js%00",
  ])("gives nothing but its own files: %s", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it("is open to who has no key yet, and to no other name of this machine", async () => {
    const guarded = await openApiPlace({
      location: "memory",
      console: await smallConsole(),
      keys: testKeys().directory,
    });
    try {
      const answer = await guarded.app.request(`${base}/`, { headers: { host: "cmo.example" } });
      expect(answer.status).toBe(200);
      const jobs = await guarded.app.request(`${base}/api/jobs`, { headers: { host: "cmo.example" } });
      expect(jobs.status).toBe(401);
    } finally {
      await guarded.close();
    }
    expect((await ask("/", { host: "evil.example" })).status).toBe(421);
  });

  it("leads to the documentation where the server was built without one", async () => {
    expect(await readConsole("/nowhere")).toBeNull();
    const bare = await openApiPlace({ location: "memory" });
    try {
      const answer = await bare.app.request(`${base}/`, { headers: { host: "127.0.0.1:2660" } });
      expect([answer.status, answer.headers.get("location")]).toEqual([302, "./docs"]);
    } finally {
      await bare.close();
    }
  });
});
