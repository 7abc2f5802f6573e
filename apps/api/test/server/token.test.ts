import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiPlace, openApiPlace, smallConfig } from "../support/api-place.ts";

const token = "ghp_canary7f3aCanary7f3aCanary7f3aCanary7f3a";

describe("S42 The server's token", () => {
  let elsewhere: Server;
  let base: Server;
  let place: ApiPlace;
  const seen: (string | undefined)[] = [];
  beforeAll(async () => {
    elsewhere = createServer((request, answer) => {
      seen.push(request.headers.authorization);
      answer.end("{}");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => elsewhere.once("listening", resolve));
    base = createServer((_, answer) => {
      answer.writeHead(302, { Location: `http://localhost:${portOf(elsewhere)}/graphql` }).end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => base.once("listening", resolve));
    place = await openApiPlace({
      location: "memory",
      env: { GITHUB_TOKEN: token, GITHUB_API_URL: `http://127.0.0.1:${portOf(base)}` },
    });
  });
  afterAll(async () => {
    await place.close();
    elsewhere.close();
    base.close();
  });
  const ask = (path: string, body?: unknown) =>
    place.app.request(`http://127.0.0.1${path}`, {
      ...(body === undefined
        ? {}
        : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });

  it("goes nowhere that a config or a spec says", async () => {
    const address = `http://127.0.0.1:${portOf(elsewhere)}`;
    const { spec } = (await (await ask("/api/estimate", { config: smallConfig })).json()) as {
      spec: Record<string, unknown>;
    };
    for (const key of ["url", "api_url", "base_url", "graphql_url", "endpoint", "token", "proxy"]) {
      const source = { type: "github", [key]: address };
      expect((await ask("/api/jobs", { config: { ...smallConfig, source } })).status, key).toBe(422);
      expect((await ask("/api/jobs", { spec: { ...spec, source } })).status, key).toBe(422);
      expect((await ask("/api/jobs", { config: { ...smallConfig, [key]: address } })).status, key).toBe(422);
    }
    expect((await ask("/api/jobs", { config: { ...smallConfig, source: address } })).status).toBe(422);
    expect(seen).toEqual([]);
  });

  it("S34 is left out where the source sends elsewhere, and stands in no answer", async () => {
    const submitted = await ask("/api/jobs", {
      config: {
        ...smallConfig,
        source: { type: "github", mail: "none" },
        retries: { max_attempts: 1 },
        limits: { max_requests: 5 },
      },
    });
    expect(submitted.status).toBe(201);
    const { jobId } = (await submitted.json()) as { jobId: string };
    await place.work(jobId);
    expect(seen.filter((authorization) => authorization !== undefined)).toEqual([]);
    for (const path of ["", "/summary", "/events", "/leads.json", "/artifacts"]) {
      const text = await (await ask(`/api/jobs/${jobId}${path}`)).text();
      expect(text, path).not.toContain("canary7f3a");
    }
    expect(await (await ask(`/api/jobs/${jobId}`)).json()).toMatchObject({ status: "failed" });
  });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
