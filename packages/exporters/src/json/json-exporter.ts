import type { Lead, LeadExporter } from "@cmo/engine";
import { artifactName } from "../file/artifact-name.ts";
import { createLeadCount } from "../lead-count.ts";
import { leadJson } from "./lead-json.ts";

/** All leads as one JSON document, `{ "count": n, "leads": [...] }`, one lead a line, text as it was published. */
export const jsonExporter: LeadExporter = {
  id: "json",
  kind: "leads_json",
  mediaType: "application/json",
  rows: "all",
  fileName: (jobId) => artifactName(jobId, "leads.json"),
  render,
};

/** About 25 kB, well below the size of texts that are never in the young generation (see the CSV). */
const leadsPerPiece = 5;

async function* render(leads: AsyncIterable<Lead>, count: number): AsyncGenerator<string> {
  const leadCount = createLeadCount(count);
  yield `{\n  "count": ${count},\n  "leads": [`;
  let separator = "\n    ";
  let lines: string[] = [];
  for await (const lead of leads) {
    leadCount.add();
    lines.push(leadJson(lead));
    if (lines.length === leadsPerPiece) {
      yield separator + lines.join(",\n    ");
      separator = ",\n    ";
      lines = [];
    }
  }
  leadCount.end();
  if (lines.length > 0) yield separator + lines.join(",\n    ");
  yield count === 0 ? "]\n}\n" : "\n  ]\n}\n";
}
