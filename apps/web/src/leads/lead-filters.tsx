import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { countText } from "../text/format.ts";
import type { LeadChoice } from "./lead-query.ts";

const contactTexts = { all: "all", yes: "contactable", no: "not contactable" } as const;
/** Who types is not asked for at every letter. */
const restMs = 200;

/** Narrows the table. */
export function LeadFilters({
  choice,
  total,
  onChange,
}: {
  readonly choice: LeadChoice;
  readonly total: number | null;
  onChange(change: (before: LeadChoice) => LeadChoice): void;
}): JSX.Element {
  const [search, setSearch] = useState(choice.search);
  const [minScore, setMinScore] = useState(choice.minScore);
  useEffect(() => {
    if (search === choice.search && minScore === choice.minScore) return;
    const timer = setTimeout(() => onChange((before) => ({ ...before, search, minScore })), restMs);
    return () => clearTimeout(timer);
  }, [search, minScore]);
  return (
    <div class="filters">
      <label class="search">
        <span class="unseen">Search in names, addresses, companies, places and bios</span>
        <input
          type="search"
          placeholder="Search in names, companies, places, bios"
          maxLength={200}
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </label>
      <fieldset class="choices">
        <legend class="unseen">Who may be contacted</legend>
        {(["all", "yes", "no"] as const).map((contactable) => (
          <label key={contactable}>
            <input
              type="radio"
              name="contactable"
              checked={choice.contactable === contactable}
              onChange={() => onChange((before) => ({ ...before, contactable }))}
            />
            <span>{contactTexts[contactable]}</span>
          </label>
        ))}
      </fieldset>
      <label class="least">
        Score at least
        <input
          type="number"
          min={0}
          max={1000}
          value={minScore}
          onInput={({ currentTarget }) => setMinScore(Math.max(0, currentTarget.valueAsNumber || 0))}
        />
      </label>
      <p class="lead-total" role="status">
        {total === null ? "…" : `${countText(total)} ${total === 1 ? "lead" : "leads"}`}
      </p>
    </div>
  );
}
