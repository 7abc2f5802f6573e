import type { Prospect } from "@cmo/engine";
import type { JSX } from "preact";
import { OutsideLink } from "../frame/outside-link.tsx";
import { jobAddress } from "../route/route.ts";
import { decimalText } from "../text/format.ts";

/** The best leads, with why. */
export function TopProspects({
  prospects,
  jobId,
}: {
  readonly prospects: readonly Prospect[];
  readonly jobId: string | null;
}): JSX.Element | null {
  if (prospects.length === 0) return null;
  return (
    <section class="card" aria-label="Best leads">
      <div class="card-head">
        <h2>Best leads</h2>
        {jobId === null ? null : <a href={jobAddress(jobId, "leads")}>All leads</a>}
      </div>
      <ol class="prospects">
        {prospects.map((prospect) => (
          <li key={prospect.login}>
            <span class="prospect-score">{decimalText(prospect.score)}</span>
            <div>
              <strong>{prospect.name ?? prospect.login}</strong>{" "}
              <OutsideLink address={prospect.profileUrl}>{prospect.login}</OutsideLink>
              <p class="prospect-where">
                {[prospect.repository, prospect.company, prospect.location].filter(Boolean).join(" · ")}
              </p>
              <p class="prospect-why">{prospect.why.join("; ")}</p>
            </div>
            <span class={prospect.contactable ? "yes" : "no"}>
              {prospect.contactable ? "✓ contactable" : "not contactable"}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
