import { type Estimate, formatDuration } from "@cmo/engine";
import { stringify } from "yaml";
import { countText } from "../view/count-text.ts";

/** What a campaign comes to without running it: its resolved spec as YAML, and what it would take. */
export function dryRunReport(spec: Readonly<Record<string, unknown>>, estimate: Estimate | null): string {
  const { suppress, ...shown } = spec;
  const hidden = Array.isArray(suppress) ? suppress.length : 0;
  const resolved = stringify(
    { ...shown, suppress: hidden === 0 ? [] : `${countText(hidden)} entries, hashed` },
    { lineWidth: 0 },
  );
  return `# Dry run: nothing was asked, nothing was written.\n${resolved}\n${estimateText(estimate)}`;
}

function estimateText(estimate: Estimate | null): string {
  if (estimate === null) return "# Estimate: none\n";
  const range = ({ low, high }: { low: number; high: number }, text: (value: number) => string) =>
    low === high ? text(low) : `${text(low)} to ${text(high)}`;
  return [
    "# Estimate",
    `#   requests  ${range(estimate.requests, countText)}`,
    `#   points    ${range(estimate.points, countText)}`,
    `#   time      ${range(estimate.durationMs, formatDuration)}`,
    "# It rests on this:",
    ...estimate.assumptions.map((assumption) => `#   ${assumption}`),
    "",
  ].join("\n");
}
