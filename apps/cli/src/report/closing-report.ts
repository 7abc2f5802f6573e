import { relative } from "node:path";
import { type RunSummary, renderSummary } from "@cmo/engine";
import type { CampaignResult } from "@cmo/runtime";
import type { OutputMode } from "../renderer/renderer.ts";
import { countText } from "../view/count-text.ts";

/** How the closing report is written. */
export interface ClosingReportOptions {
  emoji: boolean;
  width: number;
  /** Paths are shown as seen from here. */
  cwd: string;
  /** The config's file as it was given. */
  config: string;
  mode: OutputMode;
}

/** The block that stays at the end of a run: result, counts, files, and what to do next. */
export function closingReport({ summary, files }: CampaignResult, options: ClosingReportOptions): string {
  const { emoji, width, cwd } = options;
  // The goal stands at the top of the run already.
  const text = renderSummary({ ...summary, goal: null }, { emoji, width });
  const rows = files.map(({ path, rows: count }) => {
    const what = count === null ? "" : `  (${countText(count)} ${count === 1 ? "lead" : "leads"})`;
    return `  ${relative(cwd, path) || path}${what}`;
  });
  const block = rows.length === 0 ? [] : [`Files of ${summary.jobId}`, ...rows];
  const next = nextSteps(summary, options);
  return `\n${[text.trimEnd(), block.join("\n"), next].filter((part) => part !== "").join("\n\n")}\n`;
}

function nextSteps(summary: RunSummary, { config }: ClosingReportOptions): string {
  switch (summary.status) {
    case "completed":
      return summary.targetMet === false
        ? "Next: for more leads, widen stars_range, activity_days or topics, or raise limits.max_repos."
        : "";
    case "failed":
    case "cancelled": {
      const kept = summary.partial === true ? "The files hold what was found until then. " : "";
      return `${kept}To run it again: cmo run --config ${config}`;
    }
    case "queued":
    case "running":
    case "paused":
    case null:
      return "";
    default:
      return summary.status satisfies never;
  }
}
