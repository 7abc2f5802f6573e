import type { SummaryCounts } from "@cmo/engine";
import type { JSX } from "preact";
import { countText } from "../text/format.ts";

const tiles = [
  ["reposMatched", "repositories matched"],
  ["candidates", "candidates"],
  ["profiles", "profiles read"],
  ["leads", "leads"],
  ["contactable", "contactable"],
] as const satisfies readonly (readonly [keyof SummaryCounts, string])[];

/** The counts that every campaign has. Not known yet is a dash, and no zero. */
export function CountTiles({
  counts,
  targetLeads,
  metrics,
}: {
  readonly counts: Readonly<SummaryCounts>;
  readonly targetLeads: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}): JSX.Element {
  return (
    <dl class="tiles">
      {tiles.map(([key, text]) => (
        <div key={key} class="tile">
          <dt>{text}</dt>
          <dd>
            {countOf(counts[key] ?? (key === "contactable" ? metrics.qualified : undefined))}
            {key === "contactable" && targetLeads !== null ? (
              <small> of {countText(targetLeads)}</small>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function countOf(count: number | null | undefined): string {
  return count === null || count === undefined ? "–" : countText(count);
}
