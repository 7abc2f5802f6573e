import type { CopyProgress, CopyReport } from "@cmo/runtime";
import { countText } from "../view/count-text.ts";
import { table } from "../view/table.ts";
import { counted } from "./purge-report.ts";

/** What a copy has done, or would do, for people. */
export function copyReport(report: CopyReport): string {
  const { from, to, dryRun, jobs, leftOut, resumed, rows, deleted } = report;
  const { present, erased, expired } = leftOut;
  const kinds = [
    ["jobs", jobs.length],
    ...partNames.map(([part, name]) => [name, rows[part]] as const),
  ] as const;
  const lines = [
    `${dryRun ? "Would copy" : "Copied"} from ${from} to ${to}:`,
    table(
      [{ title: "KIND" }, { title: "COUNT", align: "right" }],
      kinds.map(([name, count]) => [name, countText(count)]),
    ).trimEnd(),
    ...(dryRun || jobs.length === 0 ? [] : ["Every row of these jobs was read back and is as it was sent."]),
    ...(present.length === 0 ? [] : [`${counted(present.length, "job")} there already: left as they are.`]),
    ...(erased.length === 0
      ? []
      : [`${counted(erased.length, "job")} copied before and erased there since: not copied again.`]),
    ...(expired.length === 0
      ? []
      : [
          `${counted(expired.length, "job")} whose retention is over: not copied, and erased by any cmo here.`,
        ]),
    ...(resumed.length === 0
      ? []
      : [`In the queue there: ${resumed.join(", ")}. A worker goes on with it: cmo worker --store ${to}`]),
    ...(deleted === 0 ? [] : [`${counted(deleted, "job")} taken out of ${from}.`]),
    ...(dryRun
      ? ["Nothing was changed."]
      : deleted === 0 && jobs.length > 0
        ? ["What people published is in both stores now: erase the first one when you no longer need it."]
        : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Texts that show how far a copy is. */
export interface CopyProgressText {
  /** What to write: the line anew on a terminal, a line every few seconds elsewhere; often nothing. */
  at(progress: CopyProgress): string;
  /** What to write before anything else is. */
  end(): string;
}

/** A {@link CopyProgressText}. `redraw`: a line can be written over. */
export function createCopyProgress({
  redraw,
  now,
}: {
  readonly redraw: boolean;
  readonly now: () => number;
}): CopyProgressText {
  let told = redraw ? Number.NEGATIVE_INFINITY : now();
  let isDrawn = false;
  return {
    at({ job, jobs, rows }) {
      const time = now();
      if (time - told < (redraw ? redrawMs : lineMs)) return "";
      told = time;
      isDrawn = redraw;
      const line = `job ${countText(job)} of ${countText(jobs)}, ${counted(rows, "row")}`;
      return redraw ? `\r\u001B[K${line}` : `${line}\n`;
    },
    end: () => (isDrawn ? "\r\u001B[K" : ""),
  };
}

const partNames = [
  ["event", "events"],
  ["task_result", "answers"],
  ["lead", "leads"],
  ["agent_record", "agent records"],
  ["checkpoint", "checkpoints"],
  ["suppressed", "suppressed"],
  ["first_seen", "first seen"],
  ["exported_file", "exported files"],
  ["source_note", "source notes"],
  ["shared", "shared texts"],
  ["erasure", "erasures"],
] as const;

const redrawMs = 100;
const lineMs = 5_000;
