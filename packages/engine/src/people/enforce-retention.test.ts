import { expect, it } from "vitest";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildNewJob, queuedDraft } from "../testing/build-job.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import { enforceRetention } from "./enforce-retention.ts";

it("S35 what is kept until a time is kept until then by the store's clock", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const parts = { store, agent: threeStageAgent(), digest: testDigest };
  const keepUntil = clock.now() + 60_000;
  await store.createJob(buildNewJob({ id: "kept", status: "completed", keepUntil }), [queuedDraft]);
  await store.noteFirstSeen("campaign", new Map([["U_1", "2030-01-01T00:00:00.000Z"]]), keepUntil);
  expect(await enforceRetention(parts)).toMatchObject({ jobs: [], others: 0 });
  await clock.advance(60_001);
  expect(await enforceRetention(parts)).toMatchObject({ jobs: ["kept"], others: 1 });
});
