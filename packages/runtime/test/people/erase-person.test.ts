import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  comparableSummary,
  erasePerson,
  foldProgress,
  foldSummary,
  initialProgress,
  initialSummary,
  type JobEvent,
  type Lead,
  type Source,
  showPerson,
} from "@cmo/engine";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCampaign } from "../../src/campaign/run-campaign.ts";
import { exportJob } from "../../src/export/export-job.ts";
import { maintainStore } from "../../src/people/maintain-store.ts";
import { peopleParts, purgePerson } from "../../src/people/purge.ts";
import type { StoredRuntime } from "../../src/runtime/open-runtime.ts";
import {
  type Canary,
  canaryOf,
  openPeoplePlace,
  type PeoplePlace,
  peopleSpec,
  somebody,
  tracesOf,
} from "./people-place.ts";

let place: PeoplePlace;
beforeEach(async () => {
  place = await openPeoplePlace();
});
afterEach(() => place.close());

const never = new AbortController().signal;

async function canary(...wanted: Parameters<typeof somebody>): Promise<Canary> {
  const { lead, repositoryId } = await somebody(...wanted);
  return canaryOf("zephyrine-q", lead, repositoryId);
}

async function leadsOf({ engine }: StoredRuntime, jobId: string): Promise<Lead[]> {
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId)) leads.push(lead);
  return leads;
}

async function run(runtime: StoredRuntime, overrides?: Parameters<typeof peopleSpec>[1]): Promise<string> {
  const spec = await peopleSpec(runtime, overrides);
  const presets = ["hubspot"];
  const { summary } = await runCampaign(runtime, {
    spec,
    sinks: [],
    signal: never,
    directory: place.exports,
    presets,
  });
  expect(summary.status).toBe("completed");
  return summary.jobId ?? "";
}

async function expectFolded({ engine, store }: StoredRuntime, jobId: string): Promise<void> {
  const job = await store.readJob(jobId);
  const events: JobEvent[] = [];
  for await (const event of engine.watch(jobId)) events.push(event);
  const plan = job?.spec.plan ?? [];
  expect(job?.snapshot.progress).toEqual(foldProgress(initialProgress(plan), events));
  expect(job?.snapshot.summary).toEqual(foldSummary(initialSummary(), events));
}

describe("Erasing a person", () => {
  it("S35 leaves nothing of them in the store's files or the exported ones, and everybody else as they were", async () => {
    const someone = await canary();
    const runtime = await place.open([someone]);
    const jobId = await run(runtime);
    const before = await leadsOf(runtime, jobId);
    const summary = await runtime.engine.summary(jobId);
    expect(summary.topProspects[0]?.login).toBe(someone.login);
    expect(await place.found(tracesOf(someone))).toEqual(tracesOf(someone));

    const erased = await purgePerson(runtime, someone.login.toUpperCase());
    expect(erased).toMatchObject({ found: true, jobs: [jobId], state: "done" });
    expect(erased.identity).toMatchObject({
      ids: [someone.nodeId],
      logins: [someone.login],
      emails: [someone.email],
    });
    expect(new Set(erased.files.map(({ outcome }) => outcome))).toEqual(new Set(["rewritten"]));
    expect(erased.files).toHaveLength(4);
    expect(await place.found(tracesOf(someone))).toEqual([]);

    const anonymous = (lead: Lead) =>
      JSON.parse(JSON.stringify(lead).replaceAll(someone.repository, "erased/erased")) as Lead;
    const after = await leadsOf(runtime, jobId);
    expect(after).toEqual(before.filter(({ nodeId }) => nodeId !== someone.nodeId).map(anonymous));
    const left = await runtime.engine.summary(jobId);
    expect(left.topProspects.map(({ login }) => login)).not.toContain(someone.login);
    expect(comparableSummary({ ...left, topProspects: [] })).toEqual(
      comparableSummary({ ...summary, topProspects: [] }),
    );
    await expectFolded(runtime, jobId);
    const name = (await readdir(place.exports)).find((one) => one.endsWith("_leads.json")) ?? "";
    expect(JSON.parse(await readFile(join(place.exports, name), "utf8"))).toMatchObject({
      count: after.length,
    });

    // It can be exported again, and somebody who asks is told that nothing is held.
    await exportJob({ engine: runtime.engine, jobId, directory: place.exports });
    expect(await place.found(tracesOf(someone))).toEqual([]);
    const report = await showPerson(peopleParts(runtime), someone.login);
    expect(report.records).toEqual([]);
    expect(report.suppressedBy).toEqual([{ kind: "login", value: someone.login }]);
    await runtime.close();
  });

  it("S31 S35 keeps them out of campaigns that come after", async () => {
    // Active in a repository of somebody else too: in their own nobody is asked for any more.
    const wide = { limits: { max_repos: 25, people_per_repo: 20 } };
    const someone = await canary((leads) => leads.find((lead) => lead.repositories.length > 1), wide);
    const runtime = await place.open([someone]);
    await run(runtime, wide);
    await purgePerson(runtime, someone.login);
    const again = await run(runtime, wide);
    expect((await leadsOf(runtime, again)).length).toBeGreaterThan(3);
    expect(await place.found(tracesOf(someone))).toEqual([]);
    const dropped = (await runtime.engine.job(again))?.snapshot.summary.stages.find(
      ({ stage }) => stage === "enrichment",
    );
    expect(dropped?.drops.suppressed).toBe(1);
    await runtime.close();
  });

  it("shows before what is held, and where it came from", async () => {
    const someone = await canary();
    const runtime = await place.open([someone]);
    const jobId = await run(runtime);
    const { identity, records, files } = await showPerson(peopleParts(runtime), someone.login);
    expect(identity.belongings).toContainEqual({ id: someone.repositoryId, shownName: "zk-lantern" });
    const kinds = new Set(records.map(({ table, kind }) => `${table} ${kind}`.trim()));
    for (const kind of [
      "task_result search",
      "task_result activity",
      "task_result profile",
      "task_result mail_domain",
      "lead",
      "first_seen test",
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(JSON.stringify(records)).toContain(someone.bio);
    for (const { table, fetchedAt } of records) expect(fetchedAt === null).toBe(table !== "task_result");
    expect(files.map(({ jobId: ofJob }) => ofJob)).toEqual([jobId, jobId, jobId, jobId]);
    await runtime.close();
  });

  it("S35 takes them out of a job that has them in mind; it finishes without them", async () => {
    const someone = await canary();
    const gate = createGate();
    let answered = 0;
    const through = (source: Source): Source => ({
      ...source,
      async *people(...question) {
        // They are stored, and more are asked for.
        if (answered > 0) await gate.waited;
        yield* source.people(...question);
        answered += 1;
        gate.reached();
      },
      batchSize: (kind) => (kind === "people" ? 5 : source.batchSize(kind)),
    });
    const worker = await place.open([someone], { through });
    const spec = await peopleSpec(worker);
    const { id } = await worker.engine.submit(spec);
    const running = worker.engine.attend(id);
    await gate.arrived;
    const operator = await place.open();
    await holds(operator, someone);
    const erased = await purgePerson(operator, someone.login);
    expect(erased).toMatchObject({ found: true, jobs: [id], state: "done" });
    gate.open();
    expect(await running).toMatchObject({ status: "completed", ok: true });
    await exportJob({ engine: operator.engine, jobId: id, directory: place.exports });
    const leads = await leadsOf(operator, id);
    expect(leads.length).toBeGreaterThan(3);
    expect(leads.map(({ nodeId }) => nodeId)).not.toContain(someone.nodeId);
    expect(await place.found(tracesOf(someone))).toEqual([]);
    await expectFolded(operator, id);
    const stages = (await operator.engine.job(id))?.snapshot.summary.stages;
    expect(stages?.find(({ stage }) => stage === "enrichment")?.drops.suppressed).toBe(1);
    await operator.close();
    await worker.close();
  });

  it("S35 is pending while somebody reads the file, and done when the next one opens it", async () => {
    const someone = await canary();
    const runtime = await place.open([someone]);
    await run(runtime);
    const reader = new Database(place.location);
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM task_result").get();
    const erased = await purgePerson(runtime, someone.login);
    expect(erased.state).toBe("pending");
    expect((await showPerson(peopleParts(runtime), someone.login)).records).toEqual([]);
    expect(await place.found(tracesOf(someone))).not.toEqual([]);
    await runtime.close();
    reader.exec("COMMIT");
    reader.close();
    const next = await place.open();
    expect(await next.store.listErasures(1)).toMatchObject([{ scope: "person", state: "done" }]);
    expect(await place.found(tracesOf(someone))).toEqual([]);
    await next.close();
  });

  it("follows an account that was renamed", async () => {
    const someone = await canary();
    const first = await place.open([someone]);
    await run(first);
    await first.close();
    const renamed = { ...someone, login: "qwillfedder", repository: "qwillfedder/zk-lantern" };
    const second = await place.open([renamed], { host: { env: { CMO_CACHE: "off" } } });
    await run(second);
    const erased = await purgePerson(second, "qwillfedder");
    expect(new Set(erased.identity.logins)).toEqual(new Set(["qwillfedder", "zephyrine-q"]));
    expect(erased.jobs).toHaveLength(2);
    expect(await place.found([...tracesOf(someone), ...tracesOf(renamed)])).toEqual([]);
    await second.close();
  });

  it.each([
    ["a common word", "go", "golang-fan"],
    ["the beginning of another one", "zephyr", "zephyr-2"],
    ["the end of another one", "quill", "z-quill"],
  ])("knows a login that is %s from other text", async (_what, login, otherLogin) => {
    const { lead, repositoryId, leads } = await somebody();
    const someone = canaryOf(login, lead, repositoryId);
    const next = leads.find(({ nodeId }) => nodeId !== lead.nodeId);
    if (next === undefined) throw new Error("nobody else");
    const other: Canary = {
      ...canaryOf(otherLogin, next, "R_none"),
      name: "Other Body",
      bio: `Not ${login} at all, but loves Go`,
      company: "Elsewhere",
      location: "Overthere",
    };
    const runtime = await place.open([someone, other]);
    const jobId = await run(runtime);
    const before = await leadsOf(runtime, jobId);
    await purgePerson(runtime, login);
    const after = await leadsOf(runtime, jobId);
    const repositories = (text: string) => text.replaceAll(someone.repository, "erased/erased");
    expect(JSON.stringify(after)).toBe(
      repositories(JSON.stringify(before.filter(({ nodeId }) => nodeId !== someone.nodeId))),
    );
    expect(after.map((one) => one.login)).toContain(otherLogin);
    expect(await place.found(tracesOf(someone, { loginToo: false }))).toEqual([]);
    await expectFolded(runtime, jobId);
    await runtime.close();
  });

  it.each(["gone on with", "tried again"])("S17 S18 S35 leaves a job that can be %s", async (how) => {
    const someone = await canary();
    const gate = createGate();
    let asked = 0;
    const through = (source: Source): Source => ({
      ...source,
      batchSize: (kind) => (kind === "people" ? 5 : source.batchSize(kind)),
      async *people(...question) {
        asked += 1;
        if (asked > 2) gate.reached();
        if (asked > 2) await new Promise((resolve) => question[1].signal.addEventListener("abort", resolve));
        yield* source.people(...question);
      },
    });
    const runtime = await place.open([someone], { through });
    const stop = new AbortController();
    const spec = await peopleSpec(runtime);
    const { id } = await runtime.engine.submit(spec);
    const running = runtime.engine.attend(id, [], { signal: stop.signal });
    await gate.arrived;
    stop.abort();
    expect((await running).status).toBe("paused");
    await holds(runtime, someone);
    await runtime.close();

    const next = await place.open([someone]);
    await purgePerson(next, someone.login);
    expect(await next.store.readCheckpoint(id)).toBeNull();
    expect(await place.found(tracesOf(someone))).toEqual([]);
    let ended = id;
    if (how === "gone on with") await next.engine.resume(id);
    else {
      await next.engine.cancel(id);
      ended = (await next.engine.retry(id)).id;
    }
    expect(await next.engine.attend(ended)).toMatchObject({ status: "completed" });
    const leads = await leadsOf(next, ended);
    expect(leads.length).toBeGreaterThan(3);
    expect(leads.map(({ nodeId }) => nodeId)).not.toContain(someone.nodeId);
    for (const jobId of new Set([id, ended])) {
      await exportJob({ engine: next.engine, jobId, directory: place.exports });
    }
    expect(await place.found(tracesOf(someone))).toEqual([]);
    await expectFolded(next, id);
    await next.close();
  });

  it("puts somebody who is not there on the list, unless that is not wanted", async () => {
    const runtime = await place.open();
    expect(await purgePerson(runtime, "nobody-here", { suppress: false })).toMatchObject({
      found: false,
      suppressed: 0,
    });
    const erased = await purgePerson(runtime, "nobody-here");
    expect(erased).toMatchObject({ found: false, suppressed: 1, state: "done", jobs: [], files: [] });
    const { suppressedBy } = await showPerson(peopleParts(runtime), "NOBODY-here");
    expect(suppressedBy).toEqual([{ kind: "login", value: "nobody-here" }]);
    await expect(purgePerson(runtime, "no body")).rejects.toMatchObject({ code: "usage" });
    await runtime.close();
  });

  it("names a file that cannot be written anew, and tries it again", async () => {
    const someone = await canary();
    const runtime = await place.open([someone]);
    const jobId = await run(runtime);
    const path = join(place.exports, `${jobId}_leads.csv`);
    // A folder in its place: what is there cannot be replaced.
    await rm(path);
    await mkdir(join(path, "inside"), { recursive: true });
    const erased = await purgePerson(runtime, someone.login);
    expect(erased.files.filter(({ outcome }) => outcome === "failed")).toMatchObject([
      { path, error: { code: "export_failed" } },
    ]);
    await rm(path, { recursive: true });
    await writeFile(path, `${someone.login} is in here`);
    const again = await maintainStore(runtime);
    expect(again.files).toEqual([{ jobId, path, outcome: "rewritten", error: null }]);
    expect(await place.found(tracesOf(someone))).toEqual([]);
    expect((await maintainStore(runtime)).files).toEqual([]);
    await runtime.close();
  });

  it("sees to the files of an erase that a crash cut off, when somebody opens the store", async () => {
    const someone = await canary();
    const runtime = await place.open([someone]);
    await run(runtime);
    const seeToFiles = () => Promise.reject(new Error("killed here"));
    const erasing = erasePerson(peopleParts(runtime), someone.login, { seeToFiles });
    await expect(erasing).rejects.toThrow("killed here");
    await runtime.close();
    expect(await place.found(tracesOf(someone))).not.toEqual([]);
    const next = await place.open();
    expect(await place.found(tracesOf(someone))).toEqual([]);
    await next.close();
  });

  it("removes what crashed writers left, and forgets files that are gone", async () => {
    const someone = await canary();
    const runtime = await place.open([someone]);
    const jobId = await run(runtime);
    await rm(join(place.exports, `${jobId}_leads.json`));
    await writeFile(join(place.exports, `.${jobId}_leads.json.1234.tmp`), someone.email);
    const { files } = await purgePerson(runtime, someone.login);
    expect(files.map(({ outcome }) => outcome).sort()).toEqual([
      "missing",
      "rewritten",
      "rewritten",
      "rewritten",
    ]);
    expect(await place.found(tracesOf(someone))).toEqual([]);
    expect(await runtime.store.readFiles(jobId)).toHaveLength(3);
    await runtime.close();
  });

  it("S34 keeps no token, whoever asks with it", async () => {
    const token = "ghp_canaryCANARYcanaryCANARYcanaryCANARY01";
    const fetch = async () =>
      new Response(JSON.stringify({ message: `Bad credentials: ${token}` }), { status: 401 });
    const host = { env: { GITHUB_TOKEN: token, GH_TOKEN: token }, fetch };
    const runtime = await place.open([], { host });
    const jobId = await run(runtime);
    // Refused by somebody who says the token back.
    const spec = await peopleSpec(runtime, { source: "github" });
    expect(await runtime.engine.runInproc(spec)).toMatchObject({ status: "failed" });
    await exportJob({ engine: runtime.engine, jobId, directory: place.exports });
    expect(await place.found([token])).toEqual([]);
    await runtime.close();
  });
});

/** Somewhere to wait: whoever comes says so, and goes on when it is opened. */
function createGate() {
  let reached = () => {};
  let open = () => {};
  const arrived = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const waited = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { arrived, waited, reached: () => reached(), open: () => open() };
}

async function holds(runtime: StoredRuntime, { login }: Canary): Promise<void> {
  for (;;) {
    const { records } = await showPerson(peopleParts(runtime), login);
    if (records.some(({ kind }) => kind === "profile")) return;
    await runtime.host.clock.sleep(10);
  }
}
