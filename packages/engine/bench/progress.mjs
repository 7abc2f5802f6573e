// What folding and normalising progress costs, as a ratio to parsing the same JSON in the same run: parsing is the
// least a reader of a log has to pay. Usage: node packages/engine/bench/progress.mjs (after a build).
import { pathToFileURL } from "node:url";

const ENGINE = new URL(process.env.CMO_BENCH_ENGINE ?? "../dist/index.js", import.meta.url);

const STAGES = ["discovery", "extraction", "enrichment", "validation", "scoring", "export"];
const ROUNDS = 5;
const LOG_EVENTS = 1_000_000;
const UPDATES = 20_000;

/** @returns {Promise<{ name: string; ratio: number; limit: number; detail: string }[]>} */
export async function run() {
  const engine = await import(ENGINE.href);
  const results = [];
  // The small ones first: collecting the garbage of a million events is not their cost.
  for (const changing of [true, false]) results.push(measureNormalize(engine, changing));
  for (const keys of [40, 256]) results.push(measureFold(engine, keys));
  return results;
}

function measureFold({ initialProgress, foldProgress, initialSummary, foldSummary }, keys) {
  const lines = mixedLog(LOG_EVENTS, keys);
  const events = lines.map((line) => JSON.parse(line));
  const start = initialProgress(STAGES);
  return compare({
    name: `foldProgress + foldSummary / JSON.parse, ${LOG_EVENTS} events, ${keys} metric keys`,
    limit: 1,
    reference: () => parseAll(lines),
    subject: () => foldProgress(start, events).step + foldSummary(initialSummary(), events).attempts,
  });
}

function measureNormalize({ initialProgress, normalizeUpdate }, changing) {
  const lines = rawUpdates(UPDATES, changing);
  const updates = lines.map((line) => JSON.parse(line));
  const start = initialProgress(STAGES);
  return compare({
    name: `normalizeUpdate / JSON.parse, 40 metric keys, ${changing ? "all" : "few"} changing`,
    limit: 2,
    reference: () => parseAll(lines),
    subject: () => {
      let progress = start;
      let events = 0;
      for (const update of updates) {
        const normalized = normalizeUpdate(progress, update);
        progress = normalized.progress;
        events += normalized.events.length;
      }
      return events;
    },
  });
}

/** Interleaved, so that a busy machine slows both; the median round counts. */
function compare({ name, limit, reference, subject }) {
  reference();
  subject();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const referenceMs = elapsedMs(reference);
    const subjectMs = elapsedMs(subject);
    rounds.push({ ratio: subjectMs / referenceMs, referenceMs, subjectMs });
  }
  rounds.sort((left, right) => left.ratio - right.ratio);
  const median = rounds[Math.floor(rounds.length / 2)];
  const detail = `${median.subjectMs.toFixed(0)} ms against ${median.referenceMs.toFixed(0)} ms of JSON.parse`;
  return { name, ratio: median.ratio, limit, detail };
}

function elapsedMs(work) {
  globalThis.gc?.();
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function parseAll(lines) {
  let parsed = 0;
  for (const line of lines) if (JSON.parse(line) !== null) parsed += 1;
  return parsed;
}

/** Half `stage.progress`, a fifth `metrics` of three keys, the rest tool, quota, log, stage and job events. */
function mixedLog(count, keys) {
  const lines = new Array(count);
  const perStage = Math.ceil(count / STAGES.length);
  for (let index = 0; index < count; index += 1) {
    const stage = STAGES[Math.floor(index / perStage)];
    lines[index] = JSON.stringify({
      v: 1,
      jobId: "job_01",
      seq: index + 1,
      ...mixedEvent(index, perStage, stage, keys),
    });
  }
  return lines;
}

function mixedEvent(index, perStage, stage, keys) {
  const at = new Date(1_700_000_000_000 + index).toISOString();
  if (index % perStage === 0) return { at, type: "stage.started", data: { stage, itemsTotal: perStage } };
  if (index % perStage === perStage - 1) return { at, type: "stage.completed", data: { stage, counts: {} } };
  const kind = index % 10;
  if (kind < 5) {
    const data = {
      stage,
      itemsProcessed: index % perStage,
      itemsTotal: perStage,
      currentItem: `octo-org-${index % 977}/repository-${index}`,
      percent: Math.floor((index * 99) / 1_000_000),
    };
    return { at, type: "stage.progress", data };
  }
  if (kind < 7) {
    const metrics = {};
    for (let offset = 0; offset < 3; offset += 1)
      metrics[metricKey((index * 3 + offset) % keys)] = index + offset;
    return { at, type: "metrics", data: { metrics } };
  }
  if (kind === 7) {
    const data = {
      callId: `call-${index}`,
      tool: "github.graphql",
      ok: true,
      durationMs: 41,
      cost: 1,
      cached: false,
    };
    return { at, type: "tool.completed", data };
  }
  if (kind === 8) {
    const data = { resource: "graphql", limit: 5000, remaining: 5000 - (index % 5000), resetAt: at };
    return { at, type: "quota.updated", data };
  }
  const message = `repository ${index % 700} answered slowly, asking again`;
  return {
    at,
    type: "log",
    data: { level: index % 20 === 9 ? "warning" : "info", code: "source.slow", message },
  };
}

function rawUpdates(count, changing) {
  const perStage = Math.ceil(count / STAGES.length);
  return Array.from({ length: count }, (_, index) => {
    const metrics = {};
    for (let key = 0; key < 40; key += 1) metrics[metricKey(key)] = changing || key < 3 ? index + key : key;
    return JSON.stringify({
      stage: STAGES[Math.floor(index / perStage)],
      items_processed: index % perStage,
      items_total: perStage,
      current_item: `octo-org/repository-${index}`,
      metrics,
    });
  });
}

function metricKey(index) {
  return index % 8 === 0 ? `gauge_metric_${index}` : `metric_counter_${index}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { name, ratio, limit, detail } of await run()) {
    const verdict = ratio <= limit ? "ok  " : "OVER";
    process.stdout.write(`${verdict} ${ratio.toFixed(2)} of ${limit.toFixed(2)}  ${name} (${detail})\n`);
  }
}
