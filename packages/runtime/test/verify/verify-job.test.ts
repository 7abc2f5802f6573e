import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lead, verifyLog } from "@cmo/engine";
import Database from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCampaignService, nodeDigest, openRuntime, purgePerson } from "../../src/index.ts";
import type { StoredRuntime } from "../../src/runtime/open-runtime.ts";
import { runCampaignIn, smallCampaign } from "../bundle/bundle-place.ts";
import { testHost } from "../support/test-host.ts";

/** A run in a SQLite file, and a hand that changes the file behind the store's back. */
async function openRun() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-verify-"));
  const path = join(folder, "store.db");
  const runtime = await openRuntime({ host: testHost({ cwd: folder }), location: path });
  onTestFinished(async () => {
    await runtime.close();
    await rm(folder, { recursive: true, force: true });
  });
  const jobId = await runCampaignIn(runtime, smallCampaign());
  const service = createCampaignService(runtime, { configDirectory: null });
  return {
    runtime,
    jobId,
    verification: () => service.verification(jobId),
    tamper(sql: string) {
      const database = new Database(path, { timeout: 5_000 });
      database.prepare(sql).run([]);
      database.close();
    },
  };
}

async function leadsOf({ engine }: StoredRuntime, jobId: string): Promise<readonly Lead[]> {
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId)) leads.push(lead);
  return leads;
}

describe("the check of a job", () => {
  it("finds a run whole: all of its canonical events in the chain, its spec and its leads as logged", async () => {
    const { verification } = await openRun();
    const found = await verification();
    expect(found).toMatchObject({
      ok: true,
      log: { uncovered: [], problem: null },
      spec: "as_logged",
      erasedAt: null,
    });
    expect(found.log.canonical).toBeGreaterThan(12);
    expect(found.log.covered).toBe(found.log.canonical);
    expect(found.files.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ["leads_json", "as_logged"],
      ["leads_csv", "as_logged"],
    ]);
  });

  it("S35 tells what an erase has left from what was changed: the chain holds, and rows are fewer", async () => {
    const { runtime, jobId, verification } = await openRun();
    const [lead] = await leadsOf(runtime, jobId);
    await purgePerson(runtime, lead?.login ?? "");
    const found = await verification();
    expect(found).toMatchObject({ ok: true, log: { problem: null }, erasedAt: expect.any(String) });
    for (const { verdict, rows, loggedRows } of found.files) {
      expect([verdict, rows]).toEqual(["reduced", loggedRows - 1]);
    }
  });

  it("tells whom the list keeps out since the run from rows that are gone", async () => {
    const { runtime, jobId, verification } = await openRun();
    const [lead] = await leadsOf(runtime, jobId);
    const hashes = await runtime.engine.hashSuppression([{ kind: "login", value: lead?.login ?? "" }]);
    await runtime.store.addSuppressed(hashes);
    expect(await verification()).toMatchObject({
      ok: true,
      erasedAt: null,
      files: [{ verdict: "reduced" }, { verdict: "reduced" }],
    });
  });

  it("finds leads, spec and log that somebody has changed in the database", async () => {
    const { verification, tamper } = await openRun();
    tamper(`UPDATE lead SET lead = replace(lead, '"company":', '"company" :') WHERE rank = 1`);
    expect((await verification()).ok).toBe(true);
    tamper(`UPDATE lead SET lead = json_set(lead, '$.company', 'Another') WHERE rank = 1`);
    expect(await verification()).toMatchObject({
      ok: false,
      files: [{ verdict: "changed" }, { verdict: "changed" }],
    });
    tamper("UPDATE job_spec SET spec = json_set(spec, '$.targetLeads', 99)");
    expect(await verification()).toMatchObject({ ok: false, spec: "changed", log: { problem: null } });
    tamper("UPDATE event SET data = json_set(data, '$.attempt', 9) WHERE type = 'job.started'");
    expect(await verification()).toMatchObject({ ok: false, log: { problem: { first: 2, last: 2 } } });
  });

  it("names what a version without a chain has appended, and takes it for no change", async () => {
    const { runtime, jobId, tamper, verification } = await openRun();
    tamper("UPDATE event SET link = NULL");
    tamper("UPDATE job SET log_head = NULL");
    const found = await verification();
    expect(found).toMatchObject({ ok: true, log: { covered: 0, problem: null } });
    expect(found.log.uncovered).toHaveLength(1);
    expect(found.log.uncovered[0]?.count).toBe(found.log.canonical);
    expect(await verifyLog(runtime.store, nodeDigest, jobId)).toEqual(found.log);
  });

  it("knows no job of nobody", async () => {
    const { runtime } = await openRun();
    const service = createCampaignService(runtime, { configDirectory: null });
    await expect(service.verification("job_nobody")).rejects.toMatchObject({ code: "not_found" });
  });
});
