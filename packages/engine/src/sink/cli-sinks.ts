import { asKnownEvent, type JobEvent } from "../event/job-event.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import { cleanText } from "../progress/clean-text.ts";
import { initialProgress } from "../progress/initial-progress.ts";
import type { Progress } from "../progress/progress.ts";
import { reduceProgress } from "../progress/reduce-progress.ts";
import { foldSummary } from "../summary/reduce-summary.ts";
import { formatDuration } from "../summary/render-summary.ts";
import { initialSummary, type SummaryState } from "../summary/summary-state.ts";
import type { Sink } from "./sink.ts";

/** Options of {@link createCliSinks}. */
export interface CliSinkOptions {
  /** Plain words in the place of symbols. */
  noEmoji: boolean;
  /** Takes whole lines, line end included. */
  write: (text: string) => void;
  /** What is said behind the share done, in the line of such an event; null for nothing. Default: nothing. */
  remark?: (event: JobEvent) => string | null;
}

/** What {@link createCliSinks} gives. */
export interface CliSinks {
  /** Writes the run as lines that stay: one at every turn of a stage, one for each tenth of its way. */
  renderer: Sink;
  /** Collects the summary's fold of what it saw; `state()` gives it at any time. */
  summary: Sink & { state(): SummaryState };
}

/** The sinks that a terminal needs and that need no terminal: plain lines, without control codes. */
export function createCliSinks(options: CliSinkOptions): CliSinks {
  return { renderer: lineRenderer(options), summary: summaryCollector() };
}

function summaryCollector(): CliSinks["summary"] {
  let state = initialSummary();
  const sink = (event: JobEvent) => {
    state = foldSummary(state, [event]);
  };
  return Object.assign(sink, { state: () => state });
}

function lineRenderer({ noEmoji, write, remark = () => null }: CliSinkOptions): Sink {
  const mark = noEmoji
    ? {
        job: "==",
        start: "->",
        more: "  ",
        done: "ok",
        warning: "warning:",
        error: "error:",
        wait: "waiting:",
      }
    : { job: "▶", start: "→", more: "·", done: "✔", warning: "⚠", error: "✖", wait: "⏳" };
  let progress: Progress = initialProgress([]);
  const shownTenth = new Map<string, number>();
  const line = (text: string) => write(`${text}\n`);

  return (raw) => {
    const before = progress;
    progress = reduceProgress(before, raw);
    const event = asKnownEvent(raw);
    if (event === null || isTerminalStatus(before.status)) return;
    switch (event.type) {
      case "job.queued":
        line(`${mark.job} ${event.jobId}: ${cleanText(event.data.goal)}`);
        return;
      case "job.started":
        if (event.data.attempt > 1) line(`${mark.job} attempt ${event.data.attempt}`);
        return;
      case "job.paused":
        line(`${mark.job} paused`);
        return;
      case "job.resumed":
        line(`${mark.job} resumed`);
        return;
      case "job.retrying":
        line(
          `${mark.warning} ${cleanText(event.data.error.message)}; trying again in ${formatDuration(event.data.delayMs)}`,
        );
        return;
      case "job.completed":
        line(`${mark.done} completed`);
        return;
      case "job.cancelled":
        line(`${mark.error} cancelled`);
        return;
      case "job.failed":
        line(`${mark.error} failed: ${cleanText(event.data.error.message)}`);
        if (event.data.error.hint !== null) line(`   ${cleanText(event.data.error.hint)}`);
        return;
      case "stage.started":
        // Only a stage that was entered now is a step; a name that is none, and one seen before, are not.
        if (progress.step > before.step) line(`${mark.start} ${stepText(progress)}`);
        return;
      case "stage.progress": {
        const text = tenthText(progress, event.data.stage, shownTenth);
        if (text === null) return;
        const more = remark(raw);
        line(`${mark.more}    ${text}${more === null ? "" : ` · ${more}`}`);
        return;
      }
      case "stage.completed":
        if (progress !== before) {
          line(`${mark.done} ${cleanText(event.data.stage)}${countsText(event.data.counts)}`);
        }
        return;
      case "log":
        if (event.data.level === "warning") line(`${mark.warning} ${cleanText(event.data.message)}`);
        if (event.data.level === "error") line(`${mark.error} ${cleanText(event.data.message)}`);
        return;
      case "quota.waiting":
        line(
          cleanText(`${mark.wait} ${event.data.resource} until ${event.data.until} (${event.data.reason})`),
        );
        return;
      case "metrics":
      case "tool.started":
      case "tool.completed":
      case "artifact.created":
      case "quota.updated":
        return;
      default:
        event satisfies never;
    }
  };
}

function stepText({ step, totalSteps, stage }: Progress): string {
  return `[${step}${totalSteps === null ? "" : `/${totalSteps}`}] ${stage}`;
}

/** A line for each tenth of a stage's way, and none between: a log must not drown in progress. */
function tenthText(progress: Progress, id: string, shown: Map<string, number>): string | null {
  const stage = progress.stages.find((one) => one.id === id);
  if (stage === undefined || stage.itemsTotal === null || stage.itemsTotal === 0) return null;
  const tenth = Math.floor((stage.itemsProcessed / stage.itemsTotal) * 10);
  if (tenth <= (shown.get(id) ?? 0)) return null;
  shown.set(id, tenth);
  return `${id} ${stage.itemsProcessed}/${stage.itemsTotal} · ${progress.percent}% in all`;
}

function countsText(counts: Readonly<Record<string, number>> | undefined): string {
  const parts = Object.entries(counts ?? {}).map(
    ([key, count]) => `${cleanText(key).replaceAll("_", " ")} ${count}`,
  );
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}
