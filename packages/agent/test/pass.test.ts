import { CmoError, type MailPort } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { createLeadAgent, estimateCampaign, leadStages } from "../src/index.ts";
import {
  createTestAgent,
  createTestEngine,
  eventsOf,
  fakeMail,
  leadsOf,
  outcomeOf,
  specOf,
} from "./campaign.ts";
import { createFakeSource } from "./fake-source.ts";
import { createFakeWorld } from "./fake-world.ts";

const world = createFakeWorld({ seed: 11, repositories: 220, people: 200 });

describe("a pass of the agent", () => {
  it("stops at the target, with nothing left running and little asked in vain", async () => {
    const clock = createFakeClock({ auto: true });
    const source = createFakeSource(world, {
      batchSize: () => 10,
      wait: (signal) => clock.sleep(200, signal),
    });
    const engine = createTestEngine({ source, clock });
    const summary = await engine.runInproc(specOf({ params: { target_leads: 12 } }));
    expect(summary.targetMet).toBe(true);
    expect(source.running()).toBe(0);
    const kinds = (kind: string) => source.requests.filter((one) => one.kind === kind).length;
    // One page of 50 repositories is enough; the next is never looked into.
    expect(kinds("activity")).toBe(5);
    expect(kinds("search")).toBeLessThanOrEqual(2);
  });

  it("leaves a page that it asked for ahead without waiting for it", async () => {
    const clock = createFakeClock({ auto: true });
    let searches = 0;
    const source = createFakeSource(world, {
      batchSize: () => 10,
      wait: (signal) => clock.sleep(200, signal),
    });
    const slow = {
      ...source,
      searchRepositories: async (...parameters: Parameters<typeof source.searchRepositories>) => {
        searches += 1;
        if (searches > 1) await clock.sleep(3_600_000, parameters[2].signal);
        return source.searchRepositories(...parameters);
      },
    };
    const engine = createTestEngine({ source: slow, clock });
    const startedAt = clock.now();
    const summary = await engine.runInproc(specOf({ params: { target_leads: 38 } }));
    expect(summary.targetMet).toBe(true);
    expect(searches).toBe(2);
    expect(clock.now() - startedAt).toBeLessThan(60_000);
  });

  it("never shows more than the summary says in the end", async () => {
    const clock = createFakeClock({ auto: true });
    const source = createFakeSource(world, {
      batchSize: () => 10,
      wait: (signal) => clock.sleep(200, signal),
    });
    const engine = createTestEngine({ source, clock });
    const summary = await engine.runInproc(specOf({ params: { target_leads: 40 } }));
    const events = await eventsOf(engine.store, summary.jobId ?? "");
    const ends = {
      discovery: 0,
      extraction: summary.counts.reposOpened,
      enrichment: summary.counts.candidates,
    };
    for (const { type, data } of events) {
      if (type === "metrics") {
        const { metrics } = data as { metrics: Record<string, number> };
        expect(metrics.repos_matched ?? 0).toBeLessThanOrEqual(summary.counts.reposMatched ?? 0);
        expect(metrics.repos_claimed ?? 0).toBeLessThanOrEqual(summary.counts.reposClaimed ?? 0);
      }
      if (type !== "stage.progress") continue;
      const { stage, itemsProcessed } = data as { stage: keyof typeof ends; itemsProcessed: number };
      if (stage in ends && stage !== "discovery")
        expect(itemsProcessed).toBeLessThanOrEqual(ends[stage] ?? 0);
    }
  });

  it("S17 does not keep what a look-up said because it was given up", async () => {
    const config = { params: { target_leads: 500 } };
    const undisturbed = createTestEngine({
      source: createFakeSource(world, { batchSize: () => 30 }),
      clock: createFakeClock({ auto: true }),
    });
    const { jobId: calm } = await undisturbed.runInproc(specOf(config));
    const clock = createFakeClock({ auto: true });
    let paused = false;
    const mail: MailPort = {
      ...fakeMail,
      // As the port promises: unknown when the signal aborts, and no rejection.
      async lookup(domain, signal) {
        if (!paused) {
          paused = true;
          await engine.pause(jobId);
        }
        await clock.sleep(1_000, signal);
        return signal?.aborted ? "unknown" : fakeMail.lookup(domain, signal);
      },
    };
    const engine = createTestEngine({
      source: createFakeSource(world, { batchSize: () => 30 }),
      clock,
      mail,
    });
    const { id: jobId } = await engine.submit(specOf(config));
    const stop = new AbortController();
    const worker = engine.startWorker({ signal: stop.signal });
    for await (const { type } of engine.watch(jobId)) {
      if (type === "job.paused") await engine.resume(jobId);
    }
    stop.abort();
    await worker;
    expect(paused).toBe(true);
    expect(await outcomeOf(engine, jobId)).toEqual(await outcomeOf(undisturbed, calm ?? ""));
  });

  it("S16 judges nobody by a look-up that a cancelled job did not make", async () => {
    const clock = createFakeClock({ auto: true });
    const mail: MailPort = {
      ...fakeMail,
      async lookup(_domain, signal) {
        await engine.cancel(jobId);
        await clock.sleep(60_000, signal);
        return "unknown";
      },
    };
    const engine = createTestEngine({
      source: createFakeSource(world, { batchSize: () => 30 }),
      clock,
      mail,
    });
    const { id: jobId } = await engine.submit(specOf({ params: { target_leads: 500 } }));
    const stop = new AbortController();
    const worker = engine.startWorker({ signal: stop.signal });
    for await (const { type } of engine.watch(jobId)) if (type === "job.cancelled") break;
    stop.abort();
    await worker;
    const leads = await leadsOf(engine, jobId);
    expect(leads.length).toBeGreaterThan(10);
    expect(
      leads.filter(({ contactable }) => contactable).every(({ mxStatus }) => mxStatus === "not_checked"),
    ).toBe(true);
    const summary = await engine.summary(jobId);
    expect(summary).toMatchObject({ status: "cancelled", partial: true });
    expect(summary.counts.leads).toBe(leads.length);
  });

  it("fails with what failed, not with what was cancelled because of it", async () => {
    const clock = createFakeClock({ auto: true });
    const source = createFakeSource(world, {
      batchSize: () => 10,
      wait: (signal) => clock.sleep(200, signal),
      before: (kind) => {
        if (kind === "people") throw new CmoError("forbidden", "No.", { retryable: false });
      },
    });
    const engine = createTestEngine({ source, clock });
    const summary = await engine.runInproc(specOf({ params: { target_leads: 500 } }));
    expect(summary).toMatchObject({ status: "failed", attempts: 1 });
    expect(summary.errors.at(-1)?.code).toBe("forbidden");
    expect(source.running()).toBe(0);
  });

  it("orders leads by contactability, score and node id", async () => {
    const source = createFakeSource({
      repositories: [{ id: "R", commits: ["C", "A", "B", "D"].map((person) => ({ person, count: 5 })) }],
      people: ["C", "A", "B", "D"].map((id) => ({
        id,
        login: id.toLowerCase(),
        email: id === "D" ? null : `${id}@mail.example`,
      })),
    });
    const engine = createTestEngine({ source, clock: createFakeClock({ auto: true }) });
    const { jobId } = await engine.runInproc(specOf({ params: { target_leads: 2 } }));
    const leads = await leadsOf(engine, jobId);
    expect(leads.map(({ rank, nodeId, contactable }) => [rank, nodeId, contactable])).toEqual([
      [1, "A", true],
      [2, "B", true],
      [3, "D", false],
    ]);
    expect((await engine.summary(jobId ?? "")).counts.drops.over_target).toBe(1);
  });
});

describe("the lead agent", () => {
  it("plans its six stages and opens no source for that, nor for an estimate", () => {
    const agent = createLeadAgent({
      openSources: () => {
        throw new Error("Not to be opened.");
      },
      exporters: [],
      measure: async () => ({ bytes: 0, rows: 0, digest: "" }),
      digest: () => {
        throw new Error("Not to be digested.");
      },
    });
    expect(agent.plan(specOf())).toEqual([...leadStages]);
    expect(agent.estimate?.(specOf())).toEqual(estimateCampaign(specOf()));
  });

  it("estimates in bounds that hold: low is at most high, and the run lies between them", async () => {
    for (const target of [1, 10, 100, 5_000]) {
      const spec = specOf({ params: { target_leads: target } });
      const { requests, points, durationMs, assumptions } = estimateCampaign(spec);
      for (const range of [requests, points, durationMs]) expect(range.low).toBeLessThanOrEqual(range.high);
      expect(requests.low).toBeGreaterThan(0);
      expect(assumptions.length).toBeGreaterThan(0);
    }
    const few = estimateCampaign(specOf({ params: { target_leads: 100 }, limits: { max_requests: 5 } }));
    expect(few.requests.high).toBe(5);
    expect(createTestAgent(createFakeSource(world)).name).toBe("leads");
  });
});
