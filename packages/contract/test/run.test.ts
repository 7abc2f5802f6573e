import {
  type Agent,
  createMemoryStore,
  createUnifiedEngine,
  type JobEvent,
  type JobSpec,
  showPerson,
} from "@cmo/engine";
import { buildLead, buildSpec, createFakeClock, seededRandom, testDigest } from "@cmo/engine/testing";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import {
  isJobSnapshot,
  jobDetailOf,
  jobDetailSchema,
  jobEventSchema,
  jobPageSchema,
  jobSnapshotSchema,
  jobStatusSchema,
  jobViewOf,
  leadPageSchema,
  leadSorts,
  type MultiplexedItem,
  personReportSchema,
  progressSchema,
  runSummarySchema,
  submissionSchema,
} from "../src/index.ts";

const noEstimate = { estimate: null, estimateGrounds: null };

/** An agent that finds two people at once, one of whom may not be contacted. */
const agent: Agent = {
  name: "test",
  version: "1.0.0",
  plan: () => ["first", "second", "third"],
  people: { peopleIn: () => [], belongingsIn: () => [], without: (result) => result, about: () => null },
  async run(_spec, context) {
    for (const id of ["first", "second", "third"]) {
      const stage = context.stage(id);
      await stage.start({ itemsTotal: 2 });
      await stage.progress({ itemsProcessed: 2 });
      await stage.complete({ found: 2 });
    }
    await context.writeLeads([
      buildLead({ rank: 1 }),
      buildLead({
        rank: 2,
        email: null,
        contactable: false,
        contactReason: "no_email",
        mxStatus: "not_checked",
      }),
    ]);
    context.warn("test.warning", "All is imaginary.");
  },
};

const clock = createFakeClock({ now: "2030-01-01T00:00:00.000Z", auto: true });
const store = createMemoryStore({ clock, random: seededRandom(1) });
const engine = createUnifiedEngine({ agent, store, clock, random: seededRandom(2), digest: testDigest });
const spec: JobSpec = buildSpec();
let jobId: string;
beforeAll(async () => {
  jobId = (await engine.runInproc(spec)).jobId ?? "";
});

/** What comes out at the other end of a wire, of which a schema takes nothing away. */
function sent<T>(schema: v.GenericSchema<unknown, T>, value: T): T {
  const received = v.parse(schema, JSON.parse(JSON.stringify(value)));
  expect(received).toEqual(JSON.parse(JSON.stringify(value)));
  return received;
}

describe("What a job comes to, by the schemas of the contract", () => {
  it("is a job, its progress and a page of jobs", async () => {
    const job = await engine.job(jobId);
    if (job === null) throw new Error("no job");
    const detail = sent(
      jobDetailSchema,
      jobDetailOf(job, clock.now(), {
        digest: testDigest,
        leaseMs: 1,
        checkpointBytes: null,
        ...noEstimate,
      }),
    );
    expect(detail).toMatchObject({ status: "completed", state: "completed", percent: 100 });
    sent(progressSchema, detail.progress);
    sent(jobPageSchema, { jobs: [jobViewOf(job, clock.now(), testDigest)], next: null });
  });

  it("is a summary, before the end too", async () => {
    expect(sent(runSummarySchema, await engine.summary(jobId))).toMatchObject({ ok: true });
    const { id } = await engine.submit(spec);
    expect(sent(runSummarySchema, await engine.summary(id))).toMatchObject({ ok: null, startedAt: null });
    await engine.cancel(id);
  });

  it("is a log of events, of which those of the future pass", async () => {
    const events: JobEvent[] = [];
    for await (const event of engine.watch(jobId)) events.push(event);
    for (const event of events) sent(jobEventSchema, event);
    const future = { ...events[0], v: 9, type: "moon.landed", data: { soft: true }, more: 1 };
    expect(v.parse(jobEventSchema, future)).toEqual(future);
    const items: MultiplexedItem[] = [snapshot(), ...events];
    expect(items.filter(isJobSnapshot)).toHaveLength(1);
    sent(jobSnapshotSchema, snapshot());

    function snapshot() {
      const progress = v.parse(progressSchema, { ...emptyProgress });
      return { type: "snapshot" as const, jobId, name: "test", lastSeq: 3, progress };
    }
  });

  it("is leads in pages", async () => {
    const { leads, next, total } = await engine.leadPage(jobId, { limit: 10 });
    expect(sent(leadPageSchema, { leads: [...leads], next, total })).toMatchObject({ next: null, total: 2 });
    expect(leadSorts).toContain("-scoreFit");
    expect(leadSorts).toHaveLength(24);
  });

  it("is what is held about a person", async () => {
    const { files, ...report } = await showPerson({ store, agent, clock, digest: testDigest }, "person-1");
    const person = {
      ...JSON.parse(JSON.stringify(report)),
      files: files.map(({ jobId: id, format }) => ({ jobId: id, format })),
    };
    expect(sent(personReportSchema, person)).toMatchObject({ identity: { logins: ["person-1"] } });
    expect(person.records.length).toBeGreaterThan(0);
  });

  it("is told of in these words only", () => {
    expect(v.safeParse(jobStatusSchema, "unknown").success).toBe(false);
    expect(v.safeParse(submissionSchema, { jobId: 1 }).success).toBe(false);
  });
});

const emptyProgress = {
  status: "queued",
  stage: null,
  step: 0,
  totalSteps: null,
  currentItem: null,
  stages: [],
  metrics: {},
  warnings: [],
  errors: [],
  percent: 0,
};
