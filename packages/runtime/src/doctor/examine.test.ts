import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MailPort } from "@cmo/engine";
import { buildCampaign } from "@cmo/engine/testing";
import { createGitHubSimulator } from "@cmo/github-simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testHost } from "../../test/support/test-host.ts";
import { createCampaignSpec } from "../campaign/create-campaign-spec.ts";
import type { Host } from "../host/host.ts";
import { createRuntime } from "../runtime/create-runtime.ts";
import type { DoctorCheck } from "./doctor-check.ts";
import { examine } from "./examine.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-doctor-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const deadDns: MailPort = { isReserved: () => false, lookup: async () => "unknown" };

async function look(
  host: Partial<Host>,
  source: unknown,
  directory = folder,
): Promise<Record<string, DoctorCheck>> {
  const env = { CMO_STORE: "memory", ...host.env };
  const runtime = createRuntime({ host: testHost({ ...host, env }), dnsMail: deadDns });
  const config = source === null ? null : buildCampaign({ source });
  const spec = config === null ? null : await createCampaignSpec(runtime, { config });
  const checks: Record<string, DoctorCheck> = {};
  const { signal } = new AbortController();
  for await (const check of examine({ runtime, spec, directory, signal })) checks[check.id] = check;
  return checks;
}

describe("examine", () => {
  it("needs no network for the simulator, and says what it did not look at and why", async () => {
    const checks = await look({}, "simulator");
    expect(Object.values(checks).map(({ id, status }) => [id, status])).toEqual([
      ["node", "ok"],
      ["exports", "ok"],
      ["store", "ok"],
      ["token", "skipped"],
      ["api", "skipped"],
      ["dns", "skipped"],
    ]);
    expect(checks.api?.message).toMatch(/simulator/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("fails where GitHub is wanted and there is no token; without a campaign it only warns", async () => {
    expect((await look({}, "github")).token).toMatchObject({
      status: "failed",
      hint: expect.stringContaining("GITHUB_TOKEN"),
    });
    expect((await look({}, null)).token).toMatchObject({ status: "warning" });
  });

  it("asks the API with the token that is there, never shows it, and says what scope is missing", async () => {
    const simulator = createGitHubSimulator({ scopes: [] });
    const checks = await look(
      { env: { GITHUB_TOKEN: "canary-token" }, fetch: (url, init) => simulator.fetch(url, init) },
      "github",
    );
    expect(checks.token).toMatchObject({ status: "ok", message: expect.stringContaining("GITHUB_TOKEN") });
    expect(checks.api).toMatchObject({ status: "warning", hint: expect.stringContaining("user:email") });
    expect(checks.dns).toMatchObject({ status: "warning" });
    expect(JSON.stringify(checks)).not.toContain("canary-token");
  });

  it("says that a token is refused", async () => {
    const simulator = createGitHubSimulator({ revokedTokens: ["canary-token"] });
    const checks = await look(
      { env: { GITHUB_TOKEN: "canary-token" }, fetch: (url, init) => simulator.fetch(url, init) },
      "github",
    );
    expect(checks.api).toMatchObject({ status: "failed", hint: expect.any(String) });
    expect(JSON.stringify(checks)).not.toContain("canary-token");
  });

  it("makes the store where jobs are to be kept, or says what is in the way", async () => {
    const path = join(folder, "jobs", "cmo.db");
    const made = await look({ env: { CMO_STORE: path } }, "simulator");
    expect(made.store).toMatchObject({ status: "ok", message: expect.stringContaining(path) });
    expect(await readdir(join(folder, "jobs"))).toContain("cmo.db");
    const none = await look({ env: { CMO_STORE: "/dev/null/cmo.db" } }, "simulator");
    expect(none.store).toMatchObject({ status: "failed", hint: expect.any(String) });
  });

  it("finds a folder that cannot be written and a Node that is too old", async () => {
    const checks = await look({ nodeVersion: "20.18.3" }, "simulator", "/dev/null/exports");
    expect(checks.exports).toMatchObject({ status: "failed" });
    expect(checks.node).toMatchObject({ status: "failed", hint: expect.stringContaining("20.19") });
  });
});
