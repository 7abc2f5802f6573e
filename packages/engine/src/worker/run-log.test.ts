import { expect, it } from "vitest";
import { claimChange } from "../job/job-changes.ts";
import type { JobChange } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildNewJob, queuedDraft } from "../testing/build-job.ts";
import { buildLead } from "../testing/build-lead.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import { createRunLog } from "./run-log.ts";
import type { HeldLease } from "./update-leased.ts";

it("what is stored at once is one transaction, and leaves the same as one after the other", async () => {
  const changes: JobChange[] = [];
  const inner = createMemoryStore({ clock: createFakeClock(), random: seededRandom(1) });
  const store: Store = {
    ...inner,
    updateJob: (jobId, decide) =>
      inner.updateJob(jobId, (job, now) => {
        const change = decide(job, now);
        changes.push(change);
        return change;
      }),
  };
  await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
  const claimed = await store.claimNext({}, (job, now) =>
    claimChange(job, now, testDigest, { workerId: "w", leaseMs: 60_000 }),
  );
  if (claimed === null) throw new Error("There is a job to be claimed.");
  const lease: HeldLease = { jobId: "a", epoch: 1, workerId: "w", leaseMs: 60_000 };
  const log = createRunLog({ store, digest: testDigest, job: claimed.job, lease, onFailure: () => {} });

  const result = (itemId: string) => ({ kind: "k", itemId, inputDigest: "d", value: itemId });
  const record = (key: string, value: string | null) => ({ collection: "c", key, value });
  await Promise.all([
    log.commit(),
    log.commit({
      leads: [buildLead({ rank: 1 })],
      taskResults: [result("1")],
      notes: [{ key: "n", value: "1" }],
    }),
    log.commit({ records: [record("1", "1"), record("2", "2")], checkpoint: "1" }),
    log.commit({ clearLeads: true, leads: [buildLead({ rank: 2 })] }),
    log.commit({ leads: [buildLead({ rank: 3 })] }),
    log.commit({ records: [record("1", null)], checkpoint: "2", taskResults: [result("2")] }),
    log.commit({ notes: [{ key: "n", value: "2" }] }),
  ]);

  expect(changes).toHaveLength(2);
  expect((await store.readLeads("a", { limit: 9 })).map((lead) => lead.rank)).toEqual([2, 3]);
  expect([...(await store.readTaskResults("a", "k", ["1", "2"])).keys()]).toEqual(["1", "2"]);
  expect(await store.readCheckpoint("a")).toBe("2");
  expect(await store.scanRecords("a", "c", null, 9)).toEqual([{ key: "2", value: "2" }]);
  expect([...(await store.readNotes(["n"]))]).toEqual([["n", "2"]]);
});
