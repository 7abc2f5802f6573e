import type { Lead } from "@cmo/engine";
import type { JSX } from "preact";
import { countText, dayText, decimalText, wordsOf } from "../text/format.ts";
import { ScoreBar } from "./score-bar.tsx";

/** One lead of the table; a blank row while it has not come, and null for who is on the suppression list by now. */
export function LeadRow({
  index,
  lead,
  onOpen,
}: {
  readonly index: number;
  readonly lead: Lead | null | undefined;
  onOpen(lead: Lead): void;
}): JSX.Element {
  // The head is the first row of the table.
  const place = { role: "row", "aria-rowindex": index + 2 } as const;
  if (lead === undefined || lead === null) {
    return (
      <div class="lead-row lead-blank" {...place}>
        <div role="cell">{lead === null ? "Left out: on the suppression list by now" : "…"}</div>
      </div>
    );
  }
  return (
    <div class="lead-row" {...place}>
      <div role="cell" class="lead-rank">
        {countText(lead.rank)}
      </div>
      <div role="cell" class="lead-name">
        <button type="button" class="lead-open" onClick={() => onOpen(lead)}>
          {lead.name ?? lead.login}
        </button>
        <span class="lead-login">{lead.login}</span>
      </div>
      <div role="cell" class="lead-score">
        <ScoreBar lead={lead} />
        <span>{decimalText(lead.score)}</span>
      </div>
      <div role="cell" class={`lead-contact ${lead.contactable ? "yes" : "no"}`}>
        <span aria-hidden="true">{lead.contactable ? "✓" : "–"}</span>
        <span class="clip" title={lead.email ?? ""}>
          {lead.contactable ? (lead.email ?? "contactable") : wordsOf(lead.contactReason)}
        </span>
      </div>
      <div role="cell" class="lead-company clip" title={lead.company ?? ""}>
        {lead.company ?? ""}
      </div>
      <div role="cell" class="lead-location clip" title={lead.location ?? ""}>
        {lead.location ?? ""}
      </div>
      <div role="cell" class="lead-followers number">
        {countText(lead.followers)}
      </div>
      <div role="cell" class="lead-lastActiveAt">
        {dayText(lead.lastActiveAt)}
      </div>
    </div>
  );
}
