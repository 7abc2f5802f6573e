import type { JobDiff } from "@cmo/client";
import type { JSX } from "preact";
import { StateBadge } from "../frame/state-badge.tsx";
import { jobAddress } from "../route/route.ts";
import { countText, momentText } from "../text/format.ts";

/** One of the two jobs. */
export function DiffSide({
  letter,
  side: { jobId, name, status, parentJobId, createdAt, leads },
  other,
}: {
  readonly letter: "A" | "B";
  readonly side: JobDiff["a"];
  readonly other: JobDiff["a"];
}): JSX.Element {
  return (
    <section class="card diff-side" aria-label={`Job ${letter}`}>
      <span class="diff-letter" aria-hidden="true">
        {letter}
      </span>
      <div>
        <div class="job-title">
          <h2>
            <a href={jobAddress(jobId)}>{name}</a>
          </h2>
          <StateBadge state={status} />
          {parentJobId === other.jobId ? <span class="relation">made from the other</span> : null}
        </div>
        <p>
          <strong>{countText(leads)}</strong> leads, <time dateTime={createdAt}>{momentText(createdAt)}</time>
        </p>
        <code>{jobId}</code>
      </div>
    </section>
  );
}
