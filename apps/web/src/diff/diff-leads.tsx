import type { AbsentLead, ChangedLead, MovedLead } from "@cmo/client";
import type { JSX } from "preact";
import { countText, decimalText } from "../text/format.ts";
import { type DiffColumn, DiffTable } from "./diff-table.tsx";
import { valueText } from "./value-text.ts";

const rankColumns: readonly DiffColumn[] = [
  { head: "Rank A", isNumber: true },
  { head: "Rank B", isNumber: true },
];

/** Leads of one job only, with why the other one, `from`, has them not. */
export function AbsentLeads({
  leads,
  from,
}: {
  readonly leads: readonly AbsentLead[];
  readonly from: "A" | "B";
}): JSX.Element {
  return (
    <DiffTable
      kind="people"
      columns={[
        { head: "Rank", isNumber: true },
        { head: "Score", isNumber: true },
        { head: "Person" },
        { head: `Why not in ${from}` },
      ]}
    >
      {leads.map(({ person, lead, reason }, index) => (
        <tr key={person?.nodeId ?? index}>
          <td class="number">{lead === null ? "–" : countText(lead.rank)}</td>
          <td class="number">{lead === null ? "–" : decimalText(lead.score)}</td>
          <td>{person === null ? "not told" : <Person person={person} />}</td>
          <td>{reason.text}</td>
        </tr>
      ))}
    </DiffTable>
  );
}

/** Leads that both jobs have, and that are not the same in them. */
export function ChangedLeads({ leads }: { readonly leads: readonly ChangedLead[] }): JSX.Element {
  return (
    <DiffTable kind="people" columns={[...rankColumns, { head: "Person" }, { head: "What" }]}>
      {leads.map((lead) => (
        <tr key={lead.nodeId}>
          <td class="number">{countText(lead.rankA)}</td>
          <td class="number">{countText(lead.rankB)}</td>
          <td>
            <Person person={lead} />
          </td>
          <td>
            <ul class="diff-changes">
              {lead.signals.map(({ signal, a, b }) => (
                <li key={signal}>
                  <code>{signal}</code>{" "}
                  {a?.points === b?.points ? (
                    <Change a={a?.evidence} b={b?.evidence} />
                  ) : (
                    <>
                      <Change a={a?.points ?? 0} b={b?.points ?? 0} />{" "}
                      <span class="hint">{(b ?? a)?.evidence}</span>
                    </>
                  )}
                </li>
              ))}
              {lead.fields.map(({ key, a, b }) => (
                <li key={key}>
                  <code>{key}</code> <Change a={a} b={b} />
                </li>
              ))}
            </ul>
          </td>
        </tr>
      ))}
    </DiffTable>
  );
}

/** Leads of which nothing but the rank is another. */
export function MovedLeads({ leads }: { readonly leads: readonly MovedLead[] }): JSX.Element {
  return (
    <DiffTable kind="people" columns={[...rankColumns, { head: "Person" }]}>
      {leads.map((lead) => (
        <tr key={lead.nodeId}>
          <td class="number">{countText(lead.rankA)}</td>
          <td class="number">{countText(lead.rankB)}</td>
          <td>
            <Person person={lead} />
          </td>
        </tr>
      ))}
    </DiffTable>
  );
}

function Person({
  person: { login, name },
}: {
  readonly person: Pick<MovedLead, "login" | "name">;
}): JSX.Element {
  return (
    <>
      <strong>{name ?? login}</strong> {name === null ? null : <span class="hint">{login}</span>}
    </>
  );
}

function Change({ a, b }: { readonly a: unknown; readonly b: unknown }): JSX.Element {
  return (
    <>
      {valueText(a)} <span aria-hidden="true">→</span>
      <span class="unseen"> becomes </span> {valueText(b)}
    </>
  );
}
