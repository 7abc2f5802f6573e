import type { FunnelStep } from "@cmo/engine";
import type { JSX } from "preact";
import { countText, wordsOf } from "../text/format.ts";

/** From repositories to people who may be contacted, and why the others were left behind. */
export function Funnel({ steps }: { readonly steps: readonly FunnelStep[] }): JSX.Element {
  const greatest = Math.max(1, ...steps.map(({ count }) => count ?? 0));
  return (
    <section class="card" aria-label="Funnel">
      <h2>From repositories to contactable leads</h2>
      <ol class="funnel">
        {steps.map(({ step, count, drops }) => (
          <li key={step}>
            <span class="funnel-name">{step}</span>
            <span class="funnel-count">{count === null ? "–" : countText(count)}</span>
            <span class="funnel-bar" aria-hidden="true">
              <span style={{ width: `${widthOf(count, greatest)}%` }} />
            </span>
            <Drops drops={drops} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Drops({ drops }: { readonly drops: FunnelStep["drops"] }): JSX.Element | null {
  const sorted = Object.entries(drops).sort(([, one], [, other]) => other - one);
  if (sorted.length === 0) return null;
  return (
    <ul class="drops" aria-label="Left behind">
      {sorted.map(([reason, count]) => (
        <li key={reason}>
          <strong>{countText(count)}</strong> {wordsOf(reason)}
        </li>
      ))}
    </ul>
  );
}

/** By the logarithm: a million claimed repositories would make every other bar a hair. */
function widthOf(count: number | null, greatest: number): number {
  if (count === null || count === 0) return 0;
  return Math.max(2, (Math.log1p(count) / Math.log1p(greatest)) * 100);
}
