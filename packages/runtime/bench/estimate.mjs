// What it costs to know when a run ends: a campaign is run, and its log is folded with the estimate and without it, with
// an answer after every event, as a screen asks for. The difference, as a share of the run's own CPU time: of the same
// process, in pairs. Runs the built packages, and the sources of the view; build first.
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { asOf, openEngine, openSource } from "./support/open-engine.mjs";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const pairs = 5;
const folds = 40;

const config = {
  name: "bench",
  source: "simulator",
  params: { stars_range: ">=1", activity_days: 365, target_leads: 5_000 },
  limits: { max_repos: 200, people_per_repo: 5 },
};

/** Measures; the row has what was found, what is allowed, and whether it is. */
export async function run() {
  const view = await loadView();
  const ratios = [];
  let events = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const campaign = await runCampaign();
    events = campaign.events;
    const grounds = groundsOf(view, events);
    fold(view, events, grounds);
    fold(view, events, undefined);
    const withEstimate = cpuOf(() => repeat(() => fold(view, events, grounds)));
    const without = cpuOf(() => repeat(() => fold(view, events, undefined)));
    ratios.push((withEstimate - without) / folds / campaign.cpu);
  }
  const ratio = ratios.sort((a, b) => a - b)[Math.floor(pairs / 2)];
  const detail = `${(ratio * 100).toFixed(2)} %; ${events.length} events, an answer after each; median of ${pairs} pairs`;
  return [{ name: "knowing when a run ends against the run", ratio, limit: 0.01, detail }];
}

async function runCampaign() {
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const simulator = createGitHubSimulator({ seed: 1, repositories: 400, asOf });
  const { engine, spec } = openEngine(config, { source: openSource(simulator.fetch) });
  const before = process.cpuUsage();
  const { jobId } = await engine.runInproc(spec);
  const cpu = totalOf(process.cpuUsage(before));
  return { cpu, events: await engine.store.readEvents(jobId, 0, 100_000) };
}

/** What the run itself would have taught. */
function groundsOf(view, events) {
  const { state } = fold(view, events, null);
  const timing = view.runTimingOf(state.pace, state.progress, view.estimateErrorsOf(state));
  return view.estimateGroundsOf([timing], { mostItems: 200 });
}

/** Folds the progress, and with grounds (or null for none) the estimate too. */
function fold(view, events, grounds) {
  let progress = view.initialProgress([]);
  let state = view.initialRunEstimate(grounds ?? null);
  let answers = 0;
  for (const event of events) {
    const before = progress;
    progress = view.reduceProgress(before, event);
    if (grounds === undefined) continue;
    state = view.reduceRunEstimate(state, event, { before, after: progress });
    if (view.estimateAt(state, Date.parse(event.at)) !== null) answers += 1;
  }
  return { state, answers };
}

function repeat(work) {
  for (let count = 0; count < folds; count += 1) work();
}

function cpuOf(work) {
  const before = process.cpuUsage();
  work();
  return totalOf(process.cpuUsage(before));
}

function totalOf({ user, system }) {
  return user + system;
}

/** The view has no build of its own: whoever uses it bundles it. */
async function loadView() {
  const require = createRequire(import.meta.url);
  const { build } = createRequire(require.resolve("tsup"))("esbuild");
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-"));
  try {
    const outfile = join(folder, "view.mjs");
    await build({
      stdin: {
        contents: `export * from "@cmo/view"; export { initialProgress, reduceProgress } from "@cmo/engine";`,
        resolveDir: PACKAGE,
        loader: "ts",
      },
      bundle: true,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2022",
      conditions: ["@cmo/source"],
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
