import type { SummaryState } from "@cmo/engine";
import type { RunView } from "@cmo/view";
import type { JSX } from "preact";
import { countText, durationText, shortClockText } from "../text/format.ts";

/** What the source lets one ask, and what was asked. */
export function QuotaGauge({
  view: { quota: left },
  quota,
  now,
}: {
  readonly view: RunView;
  readonly quota: SummaryState["quota"];
  readonly now: number;
}): JSX.Element | null {
  if (left === null && quota.requests === 0 && quota.cacheHits === 0) return null;
  return (
    <section class="card quota" aria-label="Quota">
      <h2>Quota</h2>
      {left === null ? null : (
        <>
          <p id="quota-left">
            <strong>{countText(left.remaining)}</strong> of {countText(left.limit)} left
            {left.resetAt > now ? `, full again at ${shortClockText(left.resetAt)}` : ""}
          </p>
          <meter
            aria-labelledby="quota-left"
            min={0}
            max={Math.max(1, left.limit)}
            low={left.limit / 10}
            optimum={left.limit}
            value={left.remaining}
          />
        </>
      )}
      <dl class="facts">
        <Fact name="requests" value={countText(quota.requests)} />
        <Fact name="failed" value={countText(quota.failedRequests)} />
        <Fact name="points" value={countText(quota.points)} />
        <Fact name="from the cache" value={countText(quota.cacheHits)} />
        <Fact name="waited" value={durationText(quota.waitedMs)} />
      </dl>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
