import { cleanText } from "@cmo/engine";
import type { BundledRun } from "@cmo/runtime";

/** What a bundle is and what is in it, as lines of text. Texts of the bundle are cleaned of what would move a cursor. */
export function bundleText(file: string, manifest: BundledRun["manifest"]): string {
  const { kind, jobId, status, createdAt, writer, run, log, recording } = manifest;
  const what =
    kind === "shared"
      ? "pseudonyms stand for everybody and everything"
      : "in full, with everything about everybody";
  const rows = [
    ["run", `${jobId}: ${status}`],
    ["ran on", `cmo ${run.engine}, agent ${run.agent.name} ${run.agent.version}`],
    ["written", `${createdAt}, by cmo ${writer.cmo} on Node ${writer.node}`],
    ["holds", `${log.events} events, ${recording.answers} answers`],
    ["again", `cmo replay ${file}`],
  ];
  const lines = rows.map(([name = "", text = ""]) => `  ${name.padEnd(8)}  ${cleanText(text)}\n`);
  return `${cleanText(file)}  a run bundle: ${what}\n${lines.join("")}`;
}
