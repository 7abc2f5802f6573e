import { jobSpecSchema } from "@cmo/engine";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServicePlace, type ServicePlace, smallConfig } from "./service-place.ts";

/** Every name that a host, an address or a secret could go by. */
const names = [
  "url",
  "api_url",
  "apiUrl",
  "baseUrl",
  "base_url",
  "endpoint",
  "graphqlUrl",
  "graphql_url",
  "host",
  "origin",
  "proxy",
  "https_proxy",
  "token",
  "githubToken",
  "github_token",
  "GITHUB_TOKEN",
  "GITHUB_API_URL",
  "authorization",
  "headers",
  "redirect",
  "__proto__",
  "constructor",
] as const;
const values = fc.constantFrom<unknown>(
  "https://evil.example",
  "evil.example",
  { url: "https://evil.example" },
  1,
);

let place: ServicePlace;
let spec: Record<string, unknown>;
const asked: string[] = [];
beforeAll(async () => {
  place = await openServicePlace("memory", {
    env: { GITHUB_TOKEN: "canary-token-of-the-server", GITHUB_API_URL: "https://github.works.example" },
    fetch: async (url) => {
      asked.push(String(url));
      return new Response(JSON.stringify({ message: "Bad credentials" }), { status: 401 });
    },
  });
  spec = (await place.service.estimate({ config: { ...smallConfig, source: "github" } })).spec;
});
afterAll(() => place.close());

/** The value with a key put into one of its mappings: which one is told by a number. */
function withKey(value: unknown, at: number, key: string, put: unknown): unknown {
  const mappings: Record<string, unknown>[] = [];
  const copy = JSON.parse(JSON.stringify(value), (_key, inner) => {
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) mappings.push(inner);
    return inner;
  });
  const target = mappings[at % mappings.length] ?? {};
  Object.defineProperty(target, key, { value: put, enumerable: true, configurable: true });
  return copy;
}

describe("S42 Where requests go", () => {
  it("is told by no key of a config, wherever it stands: each is a problem that names it", async () => {
    const config = {
      ...smallConfig,
      source: { type: "github" },
      default_icp: { topics: ["cli"] },
      scoring: { weights: { fit: { stars: 1 } } },
      retries: { max_attempts: 1 },
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.constantFrom(...names), values, async (at, key, value) => {
        const hostile = withKey(config, at, key, value);
        const { valid, problems } = await place.service.validate({
          config: hostile as Record<string, unknown>,
        });
        expect(valid).toBe(false);
        expect(problems.some(({ path }) => path.at(-1) === key)).toBe(true);
        await expect(place.service.submit({ config: JSON.stringify(hostile) })).rejects.toMatchObject({
          code: "config_invalid",
        });
      }),
      { numRuns: 200 },
    );
  });

  it("is told by no key of a spec, nor by any value of what it has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.constantFrom(...names), values, async (at, key, value) => {
        const hostile = withKey(spec, at, key, value) as Record<string, unknown>;
        await expect(place.service.submit({ spec: hostile })).rejects.toMatchObject({
          code: "config_invalid",
          problems: expect.arrayContaining([
            expect.objectContaining({ path: expect.arrayContaining([key]) }),
          ]),
        });
      }),
      { numRuns: 200 },
    );
    for (const source of ["https://evil.example", { type: "https://evil.example" }, { type: "rest" }]) {
      await expect(place.service.submit({ spec: { ...spec, source } })).rejects.toMatchObject({
        code: "config_invalid",
      });
    }
    expect(Object.keys(jobSpecSchema.entries.source.options[1].entries)).toEqual([
      "type",
      "concurrency",
      "mail",
    ]);
  });

  it("is told by no value that is set over a config", async () => {
    for (const key of [...names, "source.url", "source.token", "params.host"]) {
      const submitting = place.service.submit({ config: smallConfig, set: [`${key}=https://evil.example`] });
      await expect(submitting).rejects.toMatchObject({ code: "config_invalid" });
    }
  });

  it("is the operator's word: whatever texts a campaign holds, only that host is asked", async () => {
    const config = {
      name: "https://evil.example/",
      params: { language: "evil.example".replace(".", " ") },
      goal_template: "https://evil.example/{{ name }}",
      purpose: "https://evil.example",
      source: "github",
      retries: { max_attempts: 1 },
    };
    const { jobId } = await place.service.submit({ config });
    await place.work({ jobId });
    expect(await place.service.job(jobId)).toMatchObject({ status: "failed" });
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(
      new Set(["https://github.works.example"]),
    );
    const told = JSON.stringify([await place.service.job(jobId), await place.service.summary(jobId)]);
    expect(told).not.toContain("canary-token");
    // It could not begin, and an empty file of leads would look like a result.
    expect((await place.service.artifacts(jobId)).artifacts.map(({ format }) => format)).toEqual(["summary"]);
  });
});
