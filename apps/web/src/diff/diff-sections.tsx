import type { Difference, JobDiff } from "@cmo/client";
import type { ComponentChildren, JSX } from "preact";
import { countText } from "../text/format.ts";
import { AbsentLeads, ChangedLeads, MovedLeads } from "./diff-leads.tsx";
import { DiffTable } from "./diff-table.tsx";
import { valueText } from "./value-text.ts";

/** Everything that differs, a section for each part in which something does: why, who, and what it comes to. */
export function DiffSections({
  diff,
  limit,
  onMore,
}: {
  readonly diff: JobDiff;
  /** How many leads of each kind were asked for. */
  readonly limit: number;
  /** Asks for more of them; null when there can be no more. */
  readonly onMore: (() => void) | null;
}): JSX.Element {
  const { spec, summary, quota, warnings, added, gone, changed, moved } = diff;
  const notes = [
    ...warnings.onlyA.map((note) => ({ ...note, in: "A" })),
    ...warnings.onlyB.map((note) => ({ ...note, in: "B" })),
  ];
  const more = (count: number): JSX.Element | null =>
    count > limit ? <More limit={limit} onMore={onMore} /> : null;
  return (
    <>
      <Section title="In the campaign" count={spec.length}>
        <Differences differences={spec} />
      </Section>
      <Section title="Added: only in B" count={added.count}>
        <AbsentLeads leads={added.leads} from="A" />
        {more(added.count)}
      </Section>
      <Section title="Gone: only in A" count={gone.count}>
        <AbsentLeads leads={gone.leads} from="B" />
        {more(gone.count)}
      </Section>
      <Section title="Changed" count={changed.count}>
        <ChangedLeads leads={changed.leads} />
        {more(changed.count)}
      </Section>
      <Section title="Moved: another rank, and nothing else" count={moved.count}>
        <MovedLeads leads={moved.leads} />
        {more(moved.count)}
      </Section>
      <Section title="In the summary" count={summary.length}>
        <Differences differences={summary} />
      </Section>
      <Section title="Warnings of one only" count={notes.length}>
        <DiffTable kind="people" columns={[{ head: "In" }, { head: "Code" }, { head: "Warning" }]}>
          {notes.map(({ in: side, code, message }) => (
            <tr key={`${side} ${code} ${message}`}>
              <td>{side}</td>
              <td>
                <code>{code}</code>
              </td>
              <td>{message}</td>
            </tr>
          ))}
        </DiffTable>
      </Section>
      <Section title="What was asked for it" count={quota.length}>
        <Differences differences={quota} />
      </Section>
    </>
  );
}

/** Nothing where there is nothing. */
function Section({
  title,
  count,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly children: ComponentChildren;
}): JSX.Element | null {
  if (count === 0) return null;
  return (
    <details class="card diff-section" open>
      <summary>
        <h2>
          {title} <small>{countText(count)}</small>
        </h2>
      </summary>
      {children}
    </details>
  );
}

function Differences({ differences }: { readonly differences: readonly Difference[] }): JSX.Element {
  return (
    <DiffTable kind="values" columns={[{ head: "Key" }, { head: "A" }, { head: "B" }]}>
      {differences.map(({ key, a, b }) => (
        <tr key={key}>
          <th scope="row">
            <code>{key}</code>
          </th>
          <td>{valueText(a)}</td>
          <td>{valueText(b)}</td>
        </tr>
      ))}
    </DiffTable>
  );
}

function More({
  limit,
  onMore,
}: {
  readonly limit: number;
  readonly onMore: (() => void) | null;
}): JSX.Element {
  return onMore === null ? (
    <p class="hint">The first {countText(limit)} are told; all are counted.</p>
  ) : (
    <button type="button" onClick={onMore}>
      Show more than {countText(limit)}
    </button>
  );
}
