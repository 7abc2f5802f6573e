import type { JobDiff } from "@cmo/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { Notice } from "../frame/notice.tsx";
import { diffAddress } from "../route/route.ts";
import { countText } from "../text/format.ts";
import { DiffSections } from "./diff-sections.tsx";
import { DiffSide } from "./diff-side.tsx";

/** How many leads of each kind are asked for at first, and at most. */
const [someLeads, mostLeads] = [100, 1_000];

/** What differs between two jobs that have ended, from the first to the second. */
export function JobDifference({ a, b }: { readonly a: string; readonly b: string }): JSX.Element {
  const { client, access } = useConsole();
  const [told, setTold] = useState<{ readonly diff: JobDiff; readonly limit: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [limit, setLimit] = useState(someLeads);
  const api = client.value;
  useEffect(() => {
    let isLeft = false;
    setError(null);
    api.diff(a, b, { limit }).then(
      (found) => {
        if (!isLeft) setTold({ diff: found, limit });
      },
      (thrown) => {
        if (!isLeft && !access.notice(thrown)) setError(thrown);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [api, a, b, limit]);

  return (
    <div class="page">
      <div class="page-head">
        <h1>What differs</h1>
        <div class="actions">
          <a class="button" href={diffAddress(b, a)}>
            Swap A and B
          </a>
          <a class="button" href={diffAddress(a)}>
            Compare A with another
          </a>
        </div>
      </div>
      {error === null ? null : <ErrorNotice error={error} title="These jobs could not be compared" />}
      {told === null && error === null ? (
        <p class="loading" role="status">
          Loading…
        </p>
      ) : null}
      {told === null ? null : (
        <>
          <div class="diff-sides">
            <DiffSide letter="A" side={told.diff.a} other={told.diff.b} />
            <DiffSide letter="B" side={told.diff.b} other={told.diff.a} />
          </div>
          <Outcome diff={told.diff} />
          <DiffSections
            diff={told.diff}
            limit={told.limit}
            onMore={told.limit < mostLeads ? () => setLimit(mostLeads) : null}
          />
        </>
      )}
    </div>
  );
}

function Outcome({ diff }: { readonly diff: JobDiff }): JSX.Element {
  const { same, a, b, added, gone, changed, moved, unchanged } = diff;
  const tiles = [
    ["added: only in B", added.count],
    ["gone: only in A", gone.count],
    ["changed", changed.count],
    ["moved to another rank", moved.count],
    ["the same", unchanged],
  ] as const;
  return (
    <>
      {same ? <Notice kind="success" title="The same leads and the same summary" /> : null}
      <dl class="tiles" aria-label="Leads">
        {tiles.map(([text, count]) => (
          <div key={text} class="tile">
            <dt>{text}</dt>
            <dd>{countText(count)}</dd>
          </div>
        ))}
      </dl>
      {a.hidden + b.hidden === 0 ? null : (
        <Notice
          kind="info"
          title={`Not compared, since suppressed: ${countText(a.hidden)} of A, ${countText(b.hidden)} of B`}
        />
      )}
    </>
  );
}
