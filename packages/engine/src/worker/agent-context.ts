import type { SuppressionEntry } from "../config/suppress-entry.ts";
import { readLeads } from "../engine/read-leads.ts";
import { CmoError, toCmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import type { Lead } from "../lead/lead.ts";
import { firstSeenCampaign } from "../people/first-seen-campaign.ts";
import type { AgentContext, StageReport } from "../port/agent.ts";
import type { Clock } from "../port/clock.ts";
import type { Digest } from "../port/digest.ts";
import type { Store } from "../port/store.ts";
import type { FirstSeen } from "../port/stored-people.ts";
import { itemCount } from "../progress/item-count.ts";
import { normalizeUpdate } from "../progress/normalize-update.ts";
import type { Progress } from "../progress/progress.ts";
import { reduceProgress } from "../progress/reduce-progress.ts";
import { cleanStageId } from "../progress/stage-name.ts";
import { baselineOf } from "../spec/baseline-of.ts";
import { hashSuppression } from "../suppression/hash-suppression.ts";
import { isAnybodySuppressed } from "../suppression/is-anybody-suppressed.ts";
import { pseudonymFor } from "../suppression/pseudonym.ts";
import { runTasks } from "../task/run-tasks.ts";
import { createAgentMemory } from "./agent-memory.ts";
import type { RunLog } from "./run-log.ts";
import { createSpending } from "./spending.ts";
import { noteCached, openCall, openTool, type ToolHost } from "./tool-call.ts";

/** What a context is made of. */
export interface AgentContextOptions {
  store: Store;
  log: RunLog;
  clock: Clock;
  digest: Digest;
  signal: AbortSignal;
  partial: boolean;
  nextCallId(): string;
  /** Takes secrets out of text that is to be logged. */
  redact(text: string): string;
  /** The job's last checkpoint. */
  checkpoint: string | null;
}

/** How many leads are stored in one transaction. */
const leadsPerCommit = 500;

/** The context of one pass of an agent over one job. */
export function createAgentContext(options: AgentContextOptions): AgentContext {
  const { store, log, clock, digest, signal, partial, redact } = options;
  const { id: jobId, tenant, spec } = log.job();
  const noted = new Set(log.job().snapshot.summary.warnings.map((note) => noteKey(note.code, note.message)));
  const describedFiles = new Set(log.job().snapshot.summary.artifacts.map((artifact) => artifact.kind));
  const host: ToolHost = {
    jobId,
    clock,
    digest,
    nextCallId: options.nextCallId,
    append: (draft) => log.append(draft),
    recall: (keys) => store.readNotes(keys),
  };
  const spending = createSpending(spec, log.job().snapshot.summary.quota);
  const suppressedBySpec = new Set(spec.suppress.map((entry) => entry.hash));
  const campaign = firstSeenCampaign(tenant, spec.name);
  const baseline = baselineOf(spec);
  let reporting: "stage" | "loose" | null = null;

  function useReporting(kind: "stage" | "loose"): void {
    reporting ??= kind;
    if (reporting === kind) return;
    throw new CmoError(
      "usage",
      "One run reports either through stage() or through report(), not through both.",
    );
  }

  /** Appends an event only if it changes the progress: what was reported before an interruption is not logged again. */
  function appendIfNews(draft: EventDraft): void {
    if (reduceProgress(log.progress(), draft) !== log.progress()) log.append(draft);
  }

  return {
    jobId,
    tenant,
    signal,
    partial,
    now: () => new Date(clock.now()),

    tasks: (kind, items, runBatch, taskOptions) =>
      runTasks(
        {
          digest,
          storedOnly: partial && taskOptions?.asksNobody !== true,
          signal,
          readStored: (ofKind, itemIds) => store.readTaskResults(jobId, ofKind, itemIds),
          readCached: (cacheKeys, maxAgeMs) => store.readCached(cacheKeys, clock.now() - maxAgeMs),
          noteCached: (ofKind, itemIds) => noteCached(host, ofKind, itemIds),
          store: (taskResults, notes) => log.commit({ taskResults, notes }),
          openCall: (batchSignal) => openCall(host, spending, batchSignal),
        },
        kind,
        items,
        runBatch,
        taskOptions,
      ),

    stage(id) {
      useReporting("stage");
      const stage = cleanStageId(id);
      if (stage === null) throw new CmoError("usage", `"${id}" cannot be the name of a stage.`);
      return stageReport(stage, log, appendIfNews);
    },

    metric(patch) {
      appendIfNews({ type: "metrics", data: { metrics: changedMetrics(log.progress(), patch) } });
    },

    warn(code, message) {
      const text = redact(message);
      const key = noteKey(code, text);
      if (noted.has(key)) return;
      noted.add(key);
      log.append({ type: "log", data: { level: "warning", code, message: text } });
    },

    artifact(artifact) {
      if (describedFiles.has(artifact.kind)) return;
      describedFiles.add(artifact.kind);
      log.append({ type: "artifact.created", data: artifact });
    },

    async tool(name, input, run) {
      const call = openTool(host, name, input);
      try {
        const value = await run(signal);
        call.complete({ ok: true, cost: 0, cached: false, error: null });
        return value;
      } catch (error) {
        const code = error instanceof CmoError ? error.code : "agent_failed";
        call.complete({ ok: false, cost: 0, cached: false, error: code });
        throw error;
      }
    },

    report(raw) {
      useReporting("loose");
      for (const event of normalizeUpdate(log.progress(), raw).events)
        log.append(redactLog(event as EventDraft));
    },

    memory: createAgentMemory(store, log, options.checkpoint),
    async writeLeads(leads) {
      let clearLeads = true;
      let chunk: Lead[] = [];
      const put = async () => {
        await log.commit({ leads: chunk, ...(clearLeads ? { clearLeads } : {}) });
        clearLeads = false;
        chunk = [];
      };
      for await (const lead of leads) {
        if (chunk.push(lead) === leadsPerCommit) await put();
      }
      if (clearLeads || chunk.length > 0) await put();
    },
    leads: (selection) => readLeads(store, digest, log.job(), selection),
    pseudonym: async (nodeId) => pseudonymFor(digest, await store.suppressionKey(), nodeId),

    async suppressed(entries) {
      if (!(await isAnybodySuppressed(store, suppressedBySpec))) return entries.map(() => false);
      const key = await store.suppressionKey();
      const hashes = entries.map((entry: SuppressionEntry) => hashSuppression(digest, key, entry));
      const listed = await store.findSuppressed(hashes);
      return hashes.map((hash) => suppressedBySpec.has(hash) || listed.has(hash));
    },

    async firstSeen(nodeIds, as) {
      const noted = await store.readFirstSeen(campaign, nodeIds);
      const startedAt = new Date(log.job().startedAt ?? clock.now()).toISOString();
      const isOld = (one: FirstSeen) => as === "listed" || isExportedBefore(one);
      const seen = new Map(
        nodeIds.map((nodeId) => {
          const one = noted.get(nodeId);
          return [nodeId, one !== undefined && isOld(one) ? one.at : startedAt];
        }),
      );
      if (as === "listed") await store.noteFirstSeen(campaign, seen, log.job().keepUntil);
      return seen;
    },
    async knownAmong(nodeIds) {
      if (baseline === null) return new Set();
      const noted = await store.readFirstSeen(campaign, nodeIds);
      const known = new Map([...noted].flatMap(([id, one]) => (isExportedBefore(one) ? [[id, one.at]] : [])));
      await store.noteFirstSeen(campaign, known, log.job().keepUntil);
      return new Set(known.keys());
    },
    async baselineResults(kind, itemIds) {
      const job = baseline === null ? null : await store.readJob(baseline.jobId);
      // A spec may come from anybody: nobody reads what another was told.
      if (job?.tenant !== tenant) return new Map();
      try {
        const results = await store.readTaskResults(job.id, kind, itemIds);
        return new Map([...results].map(([itemId, { value }]) => [itemId, JSON.parse(value) as unknown]));
      } catch (error) {
        // Erased in between.
        if (toCmoError(error).code === "not_found") return new Map();
        throw error;
      }
    },
  };

  /** By an earlier run: for a job that counts from a baseline, one that had ended when that one had, or when it was due. */
  function isExportedBefore({ exportedAt }: FirstSeen): boolean {
    if (exportedAt === null) return false;
    if (spec.onlyNew === undefined) return true;
    return baseline !== null && exportedAt <= Date.parse(baseline.until ?? baseline.endedAt);
  }

  function redactLog(draft: EventDraft): EventDraft {
    if (draft.type !== "log") return draft;
    return { type: "log", data: { ...draft.data, message: redact(draft.data.message) } };
  }
}

function stageReport(stage: string, log: RunLog, appendIfNews: (draft: EventDraft) => void): StageReport {
  const current = () => log.progress().stages.find((one) => one.id === stage);
  return {
    start({ itemsTotal } = {}) {
      if ((current()?.state ?? "pending") !== "pending") return;
      log.append({
        type: "stage.started",
        data: { stage, ...(itemsTotal === undefined ? {} : { itemsTotal: itemCount(itemsTotal) }) },
      });
    },
    progress({ itemsProcessed, itemsTotal, currentItem }) {
      const before = log.progress();
      const update = { stage, itemsProcessed, itemsTotal, currentItem };
      const {
        stages,
        percent,
        stage: shown,
        currentItem: item,
      } = reduceProgress(before, { type: "stage.progress", data: update });
      const reached = stages.find((one) => one.id === stage);
      if (reached === undefined) return;
      // What the stage has reached, not what was said: an agent's counters may fall, and its texts may be anything.
      appendIfNews({
        type: "stage.progress",
        data: {
          stage,
          itemsProcessed: reached.itemsProcessed,
          itemsTotal: reached.itemsTotal,
          currentItem: shown === stage ? item : null,
          percent,
        },
      });
    },
    complete(outcome = {}) {
      if (current()?.state === "done") return;
      const isCounts = typeof Object.values(outcome)[0] === "number";
      log.append({
        type: "stage.completed",
        data: { ...(isCounts ? { counts: outcome as Record<string, number> } : outcome), stage },
      });
    },
  };
}

/** Only what would change the progress, so that a log does not fill up with what it says already. */
function changedMetrics(progress: Progress, patch: Readonly<Record<string, number>>): Record<string, number> {
  const changed: Record<string, number> = {};
  for (const [key, value] of Object.entries(patch)) {
    const event = { type: "metrics", data: { metrics: { [key]: value } } };
    if (reduceProgress(progress, event) !== progress) changed[key] = value;
  }
  return changed;
}

function noteKey(code: string, message: string): string {
  return JSON.stringify([code, message]);
}
