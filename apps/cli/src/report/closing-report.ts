import { relative } from "node:path";
import { type RunSummary, renderSummary } from "@cmo/engine";
import type { CampaignResult } from "@cmo/runtime";
import { countText } from "../view/count-text.ts";
import { wrapWords } from "../view/wrap-words.ts";

/** How the closing report is written. */
export interface ClosingReportOptions {
  emoji: boolean;
  width: number;
  /** Paths are shown as seen from here. */
  cwd: string;
  /** The command that tries it again, or null. */
  again: string | null;
  /** The command that goes on with it when it was paused, or null. */
  goOn: string | null;
  /** The command that writes the whole run into a file for somebody else, or null where nothing is kept. */
  share: string | null;
  /** What is to be said of the campaign's next run; null for one that runs once. */
  nextRun: string | null;
  presets: readonly string[];
}

/** The block that stays at the end of a run: result, counts, files, and what to do next. */
export function closingReport({ summary, files }: CampaignResult, options: ClosingReportOptions): string {
  const { emoji, width, cwd } = options;
  // The goal stands at the top of the run already.
  const text = renderSummary({ ...summary, goal: null }, { emoji, width });
  const rows = files.map(({ path, rows: count }) => {
    const what = count === null ? "" : `  (${countText(count)} ${count === 1 ? "lead" : "leads"})`;
    return `  ${pathFrom(cwd, path)}${what}`;
  });
  const block = rows.length === 0 ? [] : [`Files of ${summary.jobId}`, ...rows];
  const next = nextSteps({ summary, files }, options)
    .map((step) => nextStepText(step, width))
    .filter((step) => step !== "")
    .join("\n");
  const parts = [text.trimEnd(), block.join("\n"), next, wrapProse(options.nextRun ?? "", width)];
  return `\n${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Lines with their words broken, but for those that are set in: they hold commands. */
function wrapProse(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => (line.startsWith(" ") ? line : wrapWords(line, { width, indent: "  " })))
    .join("\n");
}

/** What to do next, in words, and the command that does it. */
interface NextStep {
  readonly text: string;
  readonly command: string | null;
}

/** Words are broken into lines; a command stands in one, so that it can be copied. */
function nextStepText({ text, command }: NextStep, width: number): string {
  const words = wrapWords(text, { width, indent: "  " });
  if (command === null) return words;
  const last = words.slice(words.lastIndexOf("\n") + 1);
  return last.length + 1 + command.length <= width ? `${words} ${command}` : `${words}\n  ${command}`;
}

/** Relative below the working folder, absolute elsewhere: a path that climbs is hard to read. */
function pathFrom(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short === "" || short.startsWith("..") ? path : short;
}

function keptText({ partial }: RunSummary, files: CampaignResult["files"]): string {
  const hasLeads = files.some(({ rows }) => rows !== null);
  if (files.length > 0 && !hasLeads) return "Nothing had been found, so there are no lead files. ";
  return partial === true && hasLeads ? "The files hold what was found until then. " : "";
}

function nextSteps(
  { summary, files }: CampaignResult,
  { again, goOn, share, presets }: ClosingReportOptions,
): readonly NextStep[] {
  switch (summary.status) {
    case "completed":
      // What would find more people is among the warnings already.
      return presets.length > 0
        ? []
        : [saying("Next: for a CRM, add --preset hubspot, salesforce or attio.")];
    case "failed":
    case "cancelled": {
      const kept = keptText(summary, files);
      const retry =
        again === null ? saying(kept.trim()) : { text: `${kept}To run it again:`, command: again };
      if (summary.status === "cancelled" || share === null) return [retry];
      return [retry, { text: "For somebody who is to look into it, with pseudonyms:", command: share }];
    }
    case "paused":
      return goOn === null ? [] : [{ text: pausedText(summary), command: goOn }];
    case "queued":
    case "running":
    case null:
      return [];
    default:
      return summary.status satisfies never;
  }
}

function pausedText({ startedAt }: RunSummary): string {
  return startedAt === null
    ? "It had not begun. To wait for its time here:"
    : "What was found so far is kept. To go on:";
}

function saying(text: string): NextStep {
  return { text, command: null };
}
