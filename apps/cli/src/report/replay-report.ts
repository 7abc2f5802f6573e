import { cleanText } from "@cmo/engine";
import type { Divergence, ReplayVerdict } from "@cmo/runtime";

/** What a replay found out, for people. Texts of the bundle are cleaned of what would move a cursor. */
export function replayReport({ verdict, manifest, divergences, decisions, notes }: ReplayVerdict): string {
  const run = `${manifest.jobId} (${manifest.status}, ${manifest.recording.answers} answers)`;
  const lines =
    verdict === "identical"
      ? [`identical: ${run}: canonical log, files and summary are the same`]
      : [`different: ${run}`, ...divergences.flatMap(divergenceLines), ...decisions.map(decisionLine)];
  return `${[...lines, ...notes.map(cleanText)].join("\n")}\n`;
}

function decisionLine({ id, since, title, record }: ReplayVerdict["decisions"][number]): string {
  const place = record === null ? "" : ` (docs/decisions/${record})`;
  return `may be why: decision ${id}, since version ${since} of the agent: ${title}${place}`;
}

function divergenceLines(one: Divergence, index: number): string[] {
  const where = [one.event ?? one.part, one.stage === null ? null : `stage ${one.stage}`, one.item]
    .filter((part) => part !== null && part !== "")
    .join(", ");
  return [
    `${index === 0 ? "first divergence" : "and then"}: ${cleanText(where)}`,
    `  expected: ${cleanText(one.expected ?? "nothing")}`,
    `  got:      ${cleanText(one.found ?? "nothing")}`,
  ];
}
