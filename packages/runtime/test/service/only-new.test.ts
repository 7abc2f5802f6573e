import { knownTask, profileTask } from "@cmo/agent";
import { jobDiffSchema } from "@cmo/contract";
import type { Store } from "@cmo/engine";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds } from "./service-place.ts";

const fewConfig = { ...smallConfig, params: { ...smallConfig.params, target_leads: 6 } };

describe.each(storeKinds)("Runs that export only who is new, of a service over %s", (kind) => {
  let place: ServicePlace;
  let store: Store;
  let first: string;
  let second: string;
  beforeAll(async () => {
    place = await openServicePlace(kind);
    store = place.runtime.store;
    first = await run();
    second = await run("only_new=true");
  });
  afterAll(() => place.close());

  const run = async (...set: string[]) => place.work(await place.service.submit({ config: fewConfig, set }));
  const exported = async (jobId: string) =>
    (await store.readLeads(jobId, { contactable: true, limit: 1_000 })).map(({ nodeId }) => nodeId);

  it("tell the baseline before anything is submitted, and in the spec of the job", async () => {
    const { campaign } = await place.service.validate({ config: fewConfig, set: ["only_new=true"] });
    const baseline = { jobId: second, startedAt: expect.any(String), endedAt: expect.any(String) };
    expect(campaign?.onlyNew).toEqual({ baseline });
    const { spec } = await place.service.estimate({ config: { ...fewConfig, only_new: true } });
    expect(spec.onlyNew).toEqual({ baseline });
    expect((await store.readJob(second))?.spec.onlyNew?.baseline?.jobId).toBe(first);
    const others = await place.others.validate({ config: fewConfig, set: ["only_new=true"] });
    expect(others.campaign?.onlyNew).toEqual({ baseline: null });
    expect((await place.service.validate({ config: fewConfig })).campaign).not.toHaveProperty("onlyNew");
  });

  it("say the same in summary, leads and log", async () => {
    const summary = await place.service.summary(second);
    const leads = await store.readLeads(second, { limit: 1_000 });
    const { drops } = summary.counts;
    expect(summary.counts).toMatchObject({ leads: leads.length, contactable: 6 });
    expect(summary.onlyNew).toEqual({
      baselineJobId: first,
      known: drops.known,
      compared: drops.known,
      changed: 0,
    });
    expect(drops.known).toBeGreaterThanOrEqual(6);
    const before = new Set(await exported(first));
    expect((await exported(second)).filter((id) => before.has(id))).toEqual([]);
  });

  it("are forked from the same baseline, asking nothing", async () => {
    const { id } = await place.service.fork(second, { set: ["scoring.weights.fit.stars=40"] });
    await place.work({ jobId: id });
    const summary = await place.service.summary(id);
    expect(summary).toMatchObject({ status: "completed", quota: { requests: 0 } });
    expect(summary.onlyNew).toMatchObject({ baselineJobId: first });
    expect(await exported(id)).toHaveLength(6);
    await expect(place.service.fork(second, { set: ["only_new=false"] })).rejects.toMatchObject({
      code: "usage",
      problems: [{ path: ["onlyNew"] }],
    });
  });

  it("begun as a fork count from a run before the parent, which is nobody's baseline", async () => {
    const { id } = await place.service.fork(first, { set: ["only_new=true"], allowRequests: true });
    await place.work({ jobId: id });
    expect((await place.service.summary(id)).onlyNew).toMatchObject({ baselineJobId: null });
    expect(await exported(id)).toEqual(await exported(first));
  });

  it("differ from their baseline by those who are known, and tell of these what changed", async () => {
    const found = await place.service.diff(first, second);
    expect(v.parse(jobDiffSchema, JSON.parse(JSON.stringify(found)))).toEqual(found);
    const { drops } = (await place.service.summary(second)).counts;
    expect(found.known).toEqual({ count: drops.known, compared: drops.known, changed: 0, people: [] });
    const gone = found.gone.leads.filter(({ lead }) => lead?.contactable);
    expect(gone.map(({ reason }) => reason.code)).toEqual(gone.map(() => "known"));
    expect(await place.service.diff(second, first)).not.toHaveProperty("known");

    // A job that was told something else of two of them, one of whom is suppressed.
    const [moved, listed] = await store.readLeads(first, { contactable: true, limit: 2 });
    if (moved === undefined || listed === undefined) throw new Error("no leads");
    const { jobId } = await place.service.submit({ config: fewConfig, set: ["only_new=true"] });
    const { spec } = (await store.readJob(second)) ?? {};
    if (spec === undefined) throw new Error("no job");
    const later = await place.runtime.engine.submit(spec, { tenant: "acme" });
    const told = await store.readTaskResults(first, profileTask, [moved.nodeId, listed.nodeId]);
    await store.updateJob(later.id, () => ({
      taskResults: [...told.values()].flatMap((result) => {
        const { profile } = JSON.parse(result.value);
        const value = JSON.stringify({ profile: { ...profile, company: "Elsewhere" }, missing: null });
        const known = JSON.stringify({ known: true, changed: ["company"] });
        return [
          { kind: profileTask, itemId: result.itemId, inputDigest: result.inputDigest, value },
          { kind: knownTask, itemId: result.itemId, inputDigest: result.inputDigest, value: known },
        ];
      }),
    }));
    await place.service.cancel(later.id);
    await place.service.cancel(jobId);
    await place.service.addSuppressions([listed.login]);
    try {
      const { known } = await place.service.diff(first, later.id);
      expect(known).toMatchObject({ count: 2, compared: 2, changed: 2 });
      expect(known?.people).toEqual([
        {
          nodeId: moved.nodeId,
          login: moved.login,
          name: moved.name,
          fields: [{ key: "company", a: moved.company, b: "Elsewhere" }],
        },
      ]);
      expect((await place.service.diff(first, later.id, { limit: 0 })).known).toMatchObject({
        changed: 2,
        people: [],
      });
    } finally {
      await place.service.removeSuppressions([listed.login]);
    }
  });
});
