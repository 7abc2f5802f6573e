import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildNewJob } from "../testing/build-job.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import { findSubmission, submissionKeyMs, submitOnce } from "./submit-once.ts";
import { createUnifiedEngine } from "./unified-engine.ts";

const { spec } = buildNewJob();

function setUp() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const agent = { name: spec.agent.name, version: "1", plan: () => [], run: async () => {} };
  const engine = createUnifiedEngine({ agent, clock, random: seededRandom(2), digest: testDigest, store });
  let ids = 0;
  const submit = (idempotencyKey: string, request = "{}", owner = "a") => {
    ids += 1;
    const options = { idempotencyKey, request, owner, jobId: `job_${ids}`, digest: testDigest };
    return submitOnce(engine, spec, options);
  };
  return { clock, store, engine, submit };
}

describe("S38 submitOnce", () => {
  it("makes one job of the same request with the same key, however often and however close together", async () => {
    const { store, submit } = setUp();
    const all = await Promise.all([submit("k"), submit("k"), submit("k")]);
    const later = await submit("k");
    expect(new Set([...all, later].map(({ job }) => job.id)).size).toBe(1);
    expect([...all, later].filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await store.listJobs({ limit: 10 })).toHaveLength(1);
  });

  it("tells keys and their owners apart", async () => {
    const { store, submit } = setUp();
    await submit("k");
    await submit("l");
    await submit("k", "{}", "b");
    expect(await store.listJobs({ limit: 10 })).toHaveLength(3);
  });

  it("gives the job to its tenant, whose key it is when nobody else is named", async () => {
    const { engine, store, submit } = setUp();
    const submitFor = (tenant: string, jobId: string) => {
      const options = { idempotencyKey: "k", request: "r", tenant, jobId, digest: testDigest };
      return submitOnce(engine, spec, options);
    };
    expect((await submit("k")).job.tenant).toBe("local");
    expect((await submitFor("acme", "job_x")).job).toMatchObject({ id: "job_x", tenant: "acme" });
    expect((await submitFor("acme", "job_y")).job.id).toBe("job_x");
    expect((await submitFor("other", "job_z")).job).toMatchObject({ id: "job_z", tenant: "other" });
    expect(await store.listJobs({ tenant: "acme", limit: 9 })).toHaveLength(1);
  });

  it("refuses a key that was used for another request, and one that is none", async () => {
    const { submit } = setUp();
    await submit("k", '{"a":1}');
    await expect(submit("k", '{"a":2}')).rejects.toMatchObject({
      code: "conflict",
      problems: [{ path: ["idempotencyKey"] }],
    });
    for (const key of ["", "a b", "ä", "x".repeat(256)]) {
      await expect(submit(key)).rejects.toMatchObject({ code: "usage" });
    }
  });

  it("is a new request after a day", async () => {
    const { clock, submit } = setUp();
    const first = await submit("k", "one");
    await clock.advance(submissionKeyMs - 1);
    expect((await submit("k", "one")).job.id).toBe(first.job.id);
    await clock.advance(1);
    expect((await submit("k", "two")).job.id).not.toBe(first.job.id);
  });

  it("goes on after a crash between the key and the job, and does not bring an erased job back", async () => {
    const { engine, store, submit } = setUp();
    const broken = { store, submit: () => Promise.reject(new Error("gone")) };
    const options = { idempotencyKey: "k", request: "r", owner: "a", jobId: "job_x", digest: testDigest };
    await expect(submitOnce(broken, spec, options)).rejects.toThrow("gone");
    const again = await submit("k", "r");
    expect(again).toMatchObject({ isNew: true, job: { id: "job_x" } });
    await engine.cancel("job_x");
    await store.eraseJobs(["job_x"], "job");
    await expect(submit("k", "r")).rejects.toMatchObject({ code: "conflict", problems: [] });
  });

  it("finds what a key was given before, and nothing that is over, in the same words as it submits", async () => {
    const { clock, store, submit } = setUp();
    const find = (idempotencyKey: string, request = "r") =>
      findSubmission(store, { idempotencyKey, request, owner: "a", digest: testDigest }, clock.now());
    expect(await find("k")).toBeNull();
    const { job } = await submit("k", "r");
    expect(await find("k")).toEqual(job);
    expect(await find("l")).toBeNull();
    await expect(find("k", "s")).rejects.toMatchObject({ code: "conflict", problems: [{}] });
    await expect(find("a b")).rejects.toMatchObject({ code: "usage" });
    await clock.advance(submissionKeyMs);
    expect(await find("k", "s")).toBeNull();
  });
});
