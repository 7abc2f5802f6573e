import type { Lead, ScoreReason } from "@cmo/engine";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ConfirmDialog } from "../frame/confirm-dialog.tsx";
import { Dialog } from "../frame/dialog.tsx";
import { OutsideLink } from "../frame/outside-link.tsx";
import { countText, dayText, decimalText, momentText, wordsOf } from "../text/format.ts";
import { scoreParts } from "./score-bar.tsx";

/** Everything about a lead: how the score came to be, and where each datum was read. */
export function LeadDialog({
  lead,
  onClose,
  onGone,
}: {
  readonly lead: Lead;
  onClose(): void;
  /** Is told when the person was suppressed or erased. */
  onGone(): void;
}): JSX.Element {
  const { client } = useConsole();
  const [asks, setAsks] = useState<"suppress" | "erase" | null>(null);
  return (
    <Dialog title={lead.name ?? lead.login} isWide onClose={onClose}>
      <p class="lead-lead">
        <OutsideLink address={lead.profileUrl}>{lead.login}</OutsideLink>
        <span class={lead.contactable ? "yes" : "no"}>
          {lead.contactable
            ? `✓ may be contacted: ${lead.email ?? ""}`
            : `not to be contacted: ${wordsOf(lead.contactReason)}`}
        </span>
      </p>
      {lead.bio === null ? null : <p class="bio">{lead.bio}</p>}
      <h3>
        Score {decimalText(lead.score)}, rank {countText(lead.rank)}
      </h3>
      <dl class="score-parts">
        {scoreParts.map(([name, key]) => (
          <div key={name}>
            <dt class={`score-key score-key-${name}`}>{name}</dt>
            <dd>{decimalText(lead[key])}</dd>
          </div>
        ))}
      </dl>
      <Reasons reasons={lead.reasons} />
      <h3>Where it was active</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Repository</th>
            <th scope="col" class="number">
              Commits read
            </th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {lead.repositories.map((repository) => (
            <tr key={repository.name}>
              <td>{repository.name}</td>
              <td class="number">{countText(repository.commits)}</td>
              <td>{dayText(repository.lastCommitAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Data lead={lead} />
      <div class="actions">
        <button type="button" onClick={() => setAsks("suppress")}>
          Do not contact…
        </button>
        <button type="button" class="danger" onClick={() => setAsks("erase")}>
          Erase this person…
        </button>
        <a class="button" href={`#/people?person=${encodeURIComponent(lead.login)}`}>
          All that is held
        </a>
      </div>
      {asks === "suppress" ? (
        <ConfirmDialog
          title={`Never contact ${lead.login}?`}
          action="Put on the list"
          onClose={() => setAsks(null)}
          onConfirm={async () => {
            await client.value.addSuppressions([
              `id:${lead.nodeId}`,
              lead.login,
              ...(lead.email === null ? [] : [lead.email]),
            ]);
            onGone();
          }}
        >
          <p>
            They are left out of every list, file and campaign from now on, of all tenants. What is kept of
            them stays until it is erased.
          </p>
        </ConfirmDialog>
      ) : null}
      {asks === "erase" ? (
        <ConfirmDialog
          title={`Erase ${lead.login}?`}
          action="Erase and keep out"
          onClose={() => setAsks(null)}
          onConfirm={async () => {
            await client.value.erasePerson(`id:${lead.nodeId}`);
            onGone();
          }}
        >
          <p>
            Everything that is held about them goes for good, out of all jobs and files, and no campaign takes
            them up again.
          </p>
        </ConfirmDialog>
      ) : null}
    </Dialog>
  );
}

function Reasons({ reasons }: { readonly reasons: readonly ScoreReason[] }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Signal</th>
          <th scope="col" class="number">
            Points
          </th>
          <th scope="col">Evidence</th>
        </tr>
      </thead>
      <tbody>
        {reasons.map((reason) => (
          <tr key={reason.signal}>
            <td>{wordsOf(reason.signal)}</td>
            <td class="number">{decimalText(reason.points)}</td>
            <td>{reason.evidence}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Each datum with where it was read, and when. */
function Data({ lead }: { readonly lead: Lead }): JSX.Element {
  const rows = Object.entries(lead.provenance);
  return (
    <>
      <h3>Where it comes from</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Datum</th>
            <th scope="col">Value</th>
            <th scope="col">Read from</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([field, origin]) => (
            <tr key={field}>
              <th scope="row">{wordsOf(field)}</th>
              <td>{valueText(lead, field)}</td>
              <td>
                <OutsideLink address={origin.url}>{origin.source}</OutsideLink>
              </td>
              <td>{origin.fetchedAt === null ? "computed" : momentText(origin.fetchedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lead.firstSeenAt === null ? null : <p class="hint">Seen first {momentText(lead.firstSeenAt)}.</p>}
    </>
  );
}

/** Lists are told above. */
function valueText(lead: Lead, field: string): string {
  const value: unknown = Reflect.get(lead, field);
  if (value === null || value === undefined || typeof value === "object") return "";
  return String(value);
}
