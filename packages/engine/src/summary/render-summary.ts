import { cleanText } from "../progress/clean-text.ts";
import { countNotes } from "./count-notes.ts";
import { cutToWidth, displayWidth } from "./display-width.ts";
import type { Prospect, RunSummary } from "./run-summary.ts";

/** How a summary is to be written. */
export interface SummaryTextOptions {
  /** Default true. */
  emoji?: boolean;
  /** Columns of the terminal; longer lines are broken, those of a prospect cut with an ellipsis. Default 100, at least 40. */
  width?: number;
}

/** The summary as lines of text for a terminal or a log: no control codes, nothing of a profile left uncleaned. */
export function renderSummary(summary: RunSummary, options: SummaryTextOptions = {}): string {
  const width = Math.max(40, options.width ?? 100);
  const mark = options.emoji === false ? textMarks : emojiMarks;
  const lines = [
    ...wrapWords(`${mark[outcomeOf(summary)]} ${headline(summary)}`, width),
    ...(summary.goal === null
      ? []
      : wrapWords(`  ${cleanText(summary.goal).replaceAll(/\s+/g, " ")}`, width)),
    "",
    ...funnelLines(summary, width),
    ...knownLines(summary, width),
    ...dropLines(summary, width),
    ...prospectLines(summary),
    ...quotaLines(summary, width),
    ...noteLines(summary, mark).flatMap((line) => wrapWords(line, width)),
  ];
  return `${lines.map((line) => cutToWidth(line, width)).join("\n")}\n`;
}

/** A duration in words that stay short: `4.2 s`, `3 min 05 s`, `2 h 07 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

type Outcome = "done" | "short" | "failed" | "cancelled" | "open";

const emojiMarks: Record<Outcome | "warning" | "error", string> = {
  done: "✅",
  short: "✅",
  failed: "❌",
  cancelled: "🛑",
  open: "⏳",
  warning: "⚠️ ",
  error: "❌",
};

const textMarks: Record<Outcome | "warning" | "error", string> = {
  done: "OK",
  short: "OK",
  failed: "FAILED",
  cancelled: "CANCELLED",
  open: "...",
  warning: "warning:",
  error: "error:",
};

function outcomeOf(summary: RunSummary): Outcome {
  switch (summary.status) {
    case "completed":
      return summary.targetMet === false ? "short" : "done";
    case "failed":
      return "failed";
    case "cancelled":
      return "cancelled";
    case "queued":
    case "running":
    case "paused":
    case null:
      return "open";
    default:
      return summary.status satisfies never;
  }
}

function headline(summary: RunSummary): string {
  const { contactable, leads } = summary.counts;
  const took = summary.durationMs === null ? "" : ` in ${formatDuration(summary.durationMs)}`;
  const found =
    contactable === null ? null : `${contactable} contactable ${contactable === 1 ? "lead" : "leads"}`;
  const kept = found === null ? "nothing was found yet" : `${found} of ${leads ?? 0} kept, partial`;
  switch (outcomeOf(summary)) {
    case "done":
      return found === null
        ? `Completed${took}`
        : `${found}${summary.targetLeads === null ? "" : ` of ${summary.targetLeads} wanted`}${took}`;
    case "short":
      return `${found ?? "No leads"} of ${summary.targetLeads} wanted${took}: the matches ended before the target`;
    case "failed":
      return `Failed${took} (${kept})`;
    case "cancelled":
      return `Cancelled${took} (${kept})`;
    case "open":
      return openHeadline(summary.status, found);
  }
}

function openHeadline(status: RunSummary["status"], found: string | null): string {
  const text =
    status === null ? "Nothing has happened yet" : status.replace(/^./, (first) => first.toUpperCase());
  return found === null ? text : `${text}, ${found} so far`;
}

function funnelLines(summary: RunSummary, width: number): string[] {
  const known = summary.funnel.filter((step) => step.count !== null);
  if (known.length === 0) return [];
  const numbers = known.map((step) => formatCount(step.count ?? 0));
  const widest = Math.max(...numbers.map((text) => text.length));
  const steps = known.map((step, index) => `  ${(numbers[index] ?? "").padStart(widest)}  ${step.step}`);
  return [...steps, ...fileLines(summary, width)];
}

/** The rows of the native files: contactable leads and, flagged, the others. */
function fileLines({ counts: { leads, leadsWithEmail, contactable } }: RunSummary, width: number): string[] {
  if (leads === null || leadsWithEmail === null || contactable === null) return [];
  const others = leads - contactable;
  const text = `In the files: ${formatCount(leads)} leads, ${formatCount(leadsWithEmail)} with an address, ${formatCount(others)} not contactable`;
  return ["", ...wrapWords(text, width)];
}

function knownLines({ onlyNew }: RunSummary, width: number): string[] {
  if (onlyNew === undefined || onlyNew.baselineJobId === null || onlyNew.known === null) return [];
  const { known, compared, changed, baselineJobId } = onlyNew;
  const met = `Only new since ${cleanText(baselineJobId)}: ${formatCount(known)} known ${known === 1 ? "person was" : "people were"} met again`;
  const told =
    compared === null || compared === 0
      ? ""
      : `; of ${formatCount(compared)} compared, ${formatCount(changed ?? 0)} have another profile now`;
  return ["", ...wrapWords(`${met}${told}`, width)];
}

function dropLines(summary: RunSummary, width: number): string[] {
  const drops = Object.entries(summary.counts.drops)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([reason, count]) => `${cleanText(reason).replaceAll("_", " ")} ${formatCount(count)}`);
  return drops.length === 0 ? [] : ["", "Left behind", ...wrapItems(drops, Math.min(width, 76))];
}

function prospectLines(summary: RunSummary): string[] {
  if (summary.topProspects.length === 0) return [];
  return ["", "Top prospects", ...summary.topProspects.map(prospectLine)];
}

function prospectLine(prospect: Prospect): string {
  const name = prospect.name === null ? "" : ` (${cutToWidth(cleanText(prospect.name), 30)})`;
  const repository = prospect.repository === null ? "" : ` · ${cleanText(prospect.repository)}`;
  const score = prospect.score.toFixed(1).padStart(5);
  const flag = prospect.contactable ? "" : " · not contactable";
  return `  ${String(prospect.rank).padStart(2)}. ${score}  ${cleanText(prospect.login)}${name}${repository}${flag}`;
}

function quotaLines(summary: RunSummary, width: number): string[] {
  const { requests, points, cacheHits, waitedMs } = summary.quota;
  if (requests === 0 && cacheHits === 0) return [];
  const parts = [
    `${formatCount(requests)} ${requests === 1 ? "request" : "requests"}`,
    `${formatCount(points)} points`,
  ];
  if (cacheHits > 0) parts.push(`${formatCount(cacheHits)} from the cache`);
  if (waitedMs > 0) parts.push(`waited ${formatDuration(waitedMs)} for quota`);
  return ["", ...wrapWords(`Asked the source: ${parts.join(" · ")}`, width)];
}

function noteLines(summary: RunSummary, mark: typeof emojiMarks): string[] {
  const errors = summary.errors.flatMap((one) => [
    `${mark.error} ${cleanText(one.message)}`,
    ...(one.hint === null ? [] : [`   ${cleanText(one.hint)}`]),
  ]);
  const warnings = countNotes(summary.warnings);
  const shown = warnings
    .slice(0, 5)
    .map(
      ({ message, count }) =>
        `${mark.warning} ${cleanText(message)}${count === 1 ? "" : ` (${count} times)`}`,
    );
  const more = warnings.length - shown.length;
  const notes = [
    ...errors,
    ...shown,
    ...(more > 0 ? [`   and ${more} more warnings in the summary file`] : []),
  ];
  return notes.length === 0 ? [] : ["", ...notes];
}

function wrapItems(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    const longer = line === "" ? item : `${line} · ${item}`;
    if (displayWidth(longer) + 2 > width && line !== "") {
      lines.push(`  ${line}`);
      line = item;
    } else {
      line = longer;
    }
  }
  return [...lines, `  ${line}`];
}

/** A note is worth reading to its end: broken between words, each further line indented. */
function wrapWords(line: string, width: number): string[] {
  const [first = "", ...words] = line.trim().split(" ");
  const lines: string[] = [];
  let current = `${" ".repeat(line.length - line.trimStart().length)}${first}`;
  for (const word of words) {
    if (displayWidth(current) + 1 + displayWidth(word) <= width) {
      current = `${current} ${word}`;
    } else {
      lines.push(current);
      current = `   ${word}`;
    }
  }
  return [...lines, current];
}

function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
