import type { JobEvent, Lead } from "@cmo/engine";
import { buildLead, buildNewJob, buildSpec, queuedDraft } from "@cmo/engine/testing";
import { createSqliteStore } from "@cmo/store-sqlite";

/** The job that {@link fillWithLeads} puts in. */
export const filledJob = "job_01m8dybc3hv9wgxp5ny4";

/** What a profile may hold that was written by somebody who wants this page to run it. */
export const hostile = {
  name: '<img src=x onerror="globalThis.pwned=1">',
  bio: "<script>globalThis.pwned=2</script>{{constructor.constructor('globalThis.pwned=3')()}}",
  company: '"><svg onload=globalThis.pwned=4>',
  location: "\u202Emoc.live\u202C <iframe srcdoc='<script>parent.pwned=5</script>'>",
  profileUrl: "javascript:globalThis.pwned=6",
  websiteUrl: "data:text/html,<script>globalThis.pwned=7</script>",
} as const;

const batch = 5_000;

const queued = queuedDraft as Extract<typeof queuedDraft, { type: "job.queued" }>;

/** Puts a campaign that has ended into a store's file, with so many leads; the best of them is hostile. */
export async function fillWithLeads(file: string, count: number): Promise<void> {
  const store = await createSqliteStore({ path: file });
  try {
    const spec = { ...buildSpec(), name: hostile.name, goal: hostile.bio, targetLeads: count };
    const keepUntil = Date.parse("2999-01-01T00:00:00.000Z");
    await store.createJob(buildNewJob({ id: filledJob, spec, keepUntil }), [
      { ...queued, data: { ...queued.data, goal: hostile.bio, targetLeads: count } },
    ]);
    await write("running", [{ type: "job.started", data: { attempt: 1 } }]);
    for (let first = 0; first < count; first += batch) {
      const leads = Array.from({ length: Math.min(batch, count - first) }, (_, index) =>
        leadOf(first + index + 1, count),
      );
      await store.updateJob(filledJob, () => ({ leads }));
    }
    await write("completed", [
      { type: "log", data: { level: "warning", code: "run.hostile", message: hostile.name } },
      { type: "job.completed", data: { targetMet: true } },
    ]);
  } finally {
    await store.close();
  }

  async function write(
    status: "running" | "completed",
    events: readonly Pick<JobEvent, "type" | "data">[],
  ): Promise<void> {
    await store.updateJob(filledJob, (_job, now) => ({
      patch: status === "running" ? { status, startedAt: now } : { status, finishedAt: now },
      events: events as never,
    }));
  }
}

function leadOf(rank: number, count: number): Lead {
  const score = Math.round((100 - (rank / count) * 80) * 10) / 10;
  const lead = buildLead({
    rank,
    score,
    contactable: rank % 3 !== 0,
    contactReason: rank % 3 === 0 ? "no_email" : "published_email",
    followers: (rank * 7_919) % 10_007,
    company: `Works ${rank % 97}`,
  });
  return rank === 1 ? { ...lead, ...hostile } : lead;
}
