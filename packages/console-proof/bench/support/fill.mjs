import { buildLead, buildNewJob, buildSpec, queuedDraft } from "@cmo/engine/testing";
import { createSqliteStore } from "@cmo/store-sqlite";

/** Opens a store's file, to which a server may be attached at the same time. */
export async function openFilled(path) {
  const store = await createSqliteStore({ path });
  let jobs = 0;
  return {
    close: () => store.close(),
    /** A job that runs, as far as its log says. Nobody works on it. */
    async job(name) {
      jobs += 1;
      const id = `job_01m8dybc3hv9wgxp${String(jobs).padStart(4, "0")}`;
      const spec = { ...buildSpec(), name };
      await store.createJob(buildNewJob({ id, spec, keepUntil: Date.parse("2999-01-01") }), [queuedDraft]);
      await store.updateJob(id, (_job, now) => ({
        // A lease of a worker that is never heard of again; no server takes it while the bench lasts.
        patch: {
          status: "running",
          startedAt: now,
          epoch: 1,
          leaseOwner: "bench",
          leaseUntil: now + 3_600_000,
        },
        events: [{ type: "job.started", data: { attempt: 1 } }],
      }));
      return id;
    },
    /** Adds events of the kinds that a campaign writes most of. */
    append: (id, from, count) =>
      store.updateJob(id, () => ({
        events: Array.from({ length: count }, (_, index) => eventOf(from + index)),
      })),
    leads: (id, from, count) =>
      store.updateJob(id, () => ({
        leads: Array.from({ length: count }, (_, index) => buildLead({ rank: from + index })),
      })),
    end: (id) =>
      store.updateJob(id, (_job, now) => ({
        patch: { status: "completed", finishedAt: now, leaseOwner: null, leaseUntil: null },
        events: [{ type: "job.completed", data: { targetMet: true } }],
      })),
  };
}

const plan = ["discovery", "extraction", "enrichment", "validation"];

function eventOf(index) {
  const stage = plan[Math.min(plan.length - 1, Math.floor(index / 30_000))] ?? "discovery";
  switch (index % 4) {
    case 0:
      return {
        type: "stage.progress",
        data: {
          stage,
          itemsProcessed: index,
          itemsTotal: 200_000,
          currentItem: `works/repository-${index}`,
          percent: 0,
        },
      };
    case 1:
      return { type: "metrics", data: { metrics: { candidates: index, profiles: index } } };
    case 2:
      return {
        type: "tool.started",
        data: { callId: `c${index}`, tool: "github.people", inputDigest: "0".repeat(64) },
      };
    default:
      return {
        type: "tool.completed",
        data: {
          callId: `c${index - 1}`,
          tool: "github.people",
          ok: true,
          durationMs: 210,
          cost: 1,
          cached: false,
          error: null,
        },
      };
  }
}
