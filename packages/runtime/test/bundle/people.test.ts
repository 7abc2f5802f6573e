import { access, mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openBundle } from "@cmo/bundle";
import type { Lead } from "@cmo/engine";
import { describe, expect, it, onTestFinished } from "vitest";
import { exportBundle } from "../../src/bundle/export-bundle.ts";
import { replayBundle } from "../../src/bundle/replay-bundle.ts";
import { createCampaignService, purgeJobs, purgePerson, type Runtime } from "../../src/index.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

describe("people in a bundle", () => {
  it.each(["login", "id", "email", "domain"] as const)(
    "who are suppressed by %s after the run are not in it, and it replays without them",
    async (by) => {
      const runtime = openPlace();
      const jobId = await runCampaignIn(runtime, smallCampaign());
      const lead = await contactable(runtime, jobId);
      await runtime.store.addSuppressed(
        await runtime.engine.hashSuppression([{ kind: by, value: nameOf(lead, by) }]),
      );
      const { path, expectedFrom } = await writeBundle(runtime, jobId);
      expect(expectedFrom).toBe("recording");
      await expectNothingOf(lead, path);
      const { divergences, notes } = await replayBundle(path);
      expect(divergences).toEqual([]);
      expect(notes.join()).toContain("taken out since the run");
    },
  );

  it.each(["login", "email"] as const)(
    "who were suppressed by %s during the run are not in it, and it comes to the run's own counts",
    async (by) => {
      const before = openPlace();
      const lead = await contactable(before, await runCampaignIn(before, smallCampaign()));
      const runtime = openPlace();
      const suppress = [{ kind: by, value: nameOf(lead, by) }];
      const jobId = await runCampaignIn(runtime, smallCampaign(), { suppress });
      const { path, expectedFrom } = await writeBundle(runtime, jobId);
      await expectNothingOf(lead, path);
      const { divergences } = await replayBundle(path);
      expect(divergences).toEqual([]);
      expect(expectedFrom).toBe("run");
    },
  );

  it("who were erased are not in it, and it replays without them", async () => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign());
    const lead = await contactable(runtime, jobId);
    await purgePerson(runtime, lead.login);
    const { path } = await writeBundle(runtime, jobId);
    await expectNothingOf(lead, path);
    expect((await replayBundle(path)).divergences).toEqual([]);
  });

  it("leave alone, when their job is erased, what is in the place of a bundle that could not be written", async () => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign());
    const { path: other } = await writeBundle(runtime, jobId);
    const folder = dirname(other);
    await expect(exportBundle({ runtime, jobId, kind: "full", path: folder })).rejects.toMatchObject({
      code: "export_failed",
    });
    expect(await runtime.store.readFiles(null)).toEqual([]);

    // What was noted of that path before is noted still, of another job too.
    const path = join(folder, "taken");
    await mkdir(path);
    const earlier = [{ jobId: "job_other", path, format: "bundle" }];
    await runtime.store.noteFiles(earlier);
    await expect(exportBundle({ runtime, jobId, kind: "full", path })).rejects.toMatchObject({
      code: "export_failed",
    });
    expect(await runtime.store.readFiles(null)).toEqual(earlier);

    expect((await purgeJobs(runtime, [jobId])).files).toEqual([]);
    await access(path);
  });

  it("are gone from a bundle that was written before they were erased, with the file", async () => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign());
    const lead = await contactable(runtime, jobId);
    const { path: other } = await writeBundle(runtime, jobId);
    const path = join(other, "..", "noted.zip");
    onTestFinished(() => rm(path, { force: true }));
    await exportBundle({ runtime, jobId, kind: "full", path });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { files } = await purgePerson(runtime, lead.login);
    expect(files).toMatchObject([{ jobId, path, outcome: "removed" }]);
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });

    await exportBundle({ runtime, jobId, kind: "full", path });
    await purgeJobs(runtime, [jobId]);
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(exportBundle({ runtime, jobId, kind: "full", path })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("a bundle of a fork of a fork", () => {
  it.each(["somebody of it", "the first job", "the job between"])(
    "holds answers of the jobs before it, and is gone when %s is erased",
    async (what) => {
      const runtime = openPlace();
      const first = await runCampaignIn(runtime, smallCampaign());
      const middle = await forkOf(runtime, first);
      const last = await forkOf(runtime, middle);
      const counted = new Set<string>();
      for await (const { nodeId } of runtime.engine.leads(last)) counted.add(nodeId);
      let login = "";
      for await (const lead of runtime.engine.leads(first)) if (!counted.has(lead.nodeId)) login = lead.login;
      const path = join((await writeBundle(runtime, last)).path, "..", "noted.zip");
      await exportBundle({ runtime, jobId: last, kind: "full", path });
      const bundle = await openBundle(path);
      let text = "";
      for await (const answer of bundle.recording()) text += JSON.stringify(answer);
      await bundle.close();
      expect(text).toContain(`"${login}"`);

      const { files } =
        what === "somebody of it"
          ? await purgePerson(runtime, login)
          : await purgeJobs(runtime, [what === "the first job" ? first : middle]);
      expect(files).toMatchObject([{ jobId: last, path, outcome: "removed" }]);
      await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
      expect(await runtime.store.readFiles(null)).toEqual([]);
    },
  );
});

it("a bundle of a fork for others is refused when the job was erased whose answers it has, and says so", async () => {
  const runtime = openPlace();
  const first = await runCampaignIn(runtime, smallCampaign());
  const fork = await forkOf(runtime, first);
  await purgeJobs(runtime, [first]);
  await expect(writeBundle(runtime, fork, "shared")).rejects.toMatchObject({
    code: "conflict",
    hint: expect.stringContaining("or a job that this one had answers from"),
  });
});

it("a bundle of a fork for one's own archive says which job was erased, and so does its replay", async () => {
  const runtime = openPlace();
  const first = await runCampaignIn(runtime, smallCampaign());
  const fork = await forkOf(runtime, first);
  const whole = await writeBundle(runtime, fork);
  expect(whole.erased).toBeNull();
  expect((await replayBundle(whole.path)).notes.join()).not.toContain("erased");
  await purgeJobs(runtime, [first]);
  const path = join(dirname(whole.path), "after.zip");
  expect(await exportBundle({ runtime, jobId: fork, kind: "full", path })).toMatchObject({ erased: first });
  const { verdict, notes } = await replayBundle(path);
  expect(verdict).toBe("different");
  expect(notes.join()).toContain(`Job ${first} was erased before the bundle was written`);
});

async function forkOf(runtime: Runtime, jobId: string): Promise<string> {
  const service = createCampaignService(
    { ...runtime, leaseMs: 30_000 },
    { tenant: "local", configDirectory: null },
  );
  const { id } = await service.fork(jobId, { set: ["target_leads=1"] });
  await runtime.engine.attend(id);
  return id;
}

async function contactable(runtime: Runtime, jobId: string): Promise<Lead> {
  for await (const lead of runtime.engine.leads(jobId, { contactable: true })) {
    const domain = lead.email?.split("@")[1] ?? "";
    // A domain of their own, and nothing in it that others have.
    if (!/^(?:quickpost|mailbox|fastletter|pigeon)\./.test(domain)) return lead;
  }
  throw new Error("Nobody can be contacted.");
}

function nameOf({ login, nodeId, email }: Lead, by: "login" | "id" | "email" | "domain"): string {
  return { login, id: nodeId, email: email ?? "", domain: email?.split("@")[1] ?? "" }[by];
}

async function expectNothingOf(lead: Lead, path: string): Promise<void> {
  const bundle = await openBundle(path);
  const texts: string[] = [
    JSON.stringify(await bundle.spec()),
    JSON.stringify(await bundle.summary()),
    JSON.stringify(await bundle.expected()),
  ];
  for await (const line of bundle.eventLines()) texts.push(line);
  for await (const answer of bundle.recording()) texts.push(JSON.stringify(answer));
  await bundle.close();
  const all = texts.join("\n").toLowerCase();
  for (const canary of [lead.login, lead.nodeId, lead.email, lead.profileUrl]) {
    expect(all).not.toContain(`${canary}`.toLowerCase());
  }
}
