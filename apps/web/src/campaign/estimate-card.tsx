import type { CampaignEstimate } from "@cmo/client";
import type { JSX } from "preact";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { countText, durationText } from "../text/format.ts";
import type { Check } from "./use-check.ts";

/** What the campaign comes to: its goal in words, and what it will take. The source is asked nothing for it. */
export function EstimateCard({ check }: { readonly check: Check }): JSX.Element {
  const { validation, estimate, isCurrent, failure } = check;
  if (failure !== null) return <ErrorNotice error={failure} title="The config could not be checked" />;
  return (
    <section class={isCurrent ? "card estimate" : "card estimate estimate-old"} aria-label="What it comes to">
      <div role="status">
        {validation === null ? (
          <p class="hint">Looking at the config…</p>
        ) : validation.valid ? (
          <p class="estimate-goal">
            <span class="yes" aria-hidden="true">
              ✓
            </span>{" "}
            {validation.campaign?.goal ?? "The config is right."}
          </p>
        ) : (
          <p class="problem">
            {validation.problems.length === 1
              ? "One thing is not right yet."
              : `${countText(validation.problems.length)} things are not right yet.`}
          </p>
        )}
      </div>
      {estimate === null ? null : <Estimate told={estimate} />}
    </section>
  );
}

function Estimate({ told: { estimate } }: { readonly told: CampaignEstimate }): JSX.Element {
  if (estimate === null) return <p class="hint">Nothing can be said about what it takes.</p>;
  const { requests, points, durationMs, assumptions } = estimate;
  return (
    <>
      <dl class="facts">
        <div>
          <dt>requests</dt>
          <dd>{rangeText(requests, countText)}</dd>
        </div>
        <div>
          <dt>points of the quota</dt>
          <dd>{rangeText(points, countText)}</dd>
        </div>
        <div>
          <dt>time</dt>
          <dd>{rangeText(durationMs, durationText)}</dd>
        </div>
      </dl>
      <details>
        <summary>What this assumes</summary>
        <ul class="assumptions">
          {assumptions.map((assumption) => (
            <li key={assumption}>{assumption}</li>
          ))}
        </ul>
      </details>
    </>
  );
}

function rangeText(
  { low, high }: { readonly low: number; readonly high: number },
  text: (value: number) => string,
): string {
  return text(low) === text(high) ? text(low) : `${text(low)} to ${text(high)}`;
}
