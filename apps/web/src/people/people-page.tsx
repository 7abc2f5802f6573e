import type { PersonView, SuppressionState } from "@cmo/client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ConfirmDialog } from "../frame/confirm-dialog.tsx";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { Notice } from "../frame/notice.tsx";
import { countText, momentText } from "../text/format.ts";

/** People's rights: what is held about somebody, who is never to be contacted, and taking somebody out. */
export function PeoplePage({ person }: { readonly person: string | null }): JSX.Element {
  return (
    <div class="page">
      <h1>People</h1>
      <p>
        What somebody asks for comes before every campaign. The suppression list is one for the whole server,
        and holds keyed hashes only: it keeps people out without saying who they are.
      </p>
      <Held person={person} />
      <Suppression />
    </div>
  );
}

function Held({ person }: { readonly person: string | null }): JSX.Element {
  const { client, access, go } = useConsole();
  const [text, setText] = useState(person ?? "");
  const [found, setFound] = useState<PersonView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asks, setAsks] = useState(false);
  const [erased, setErased] = useState<string | null>(null);
  const api = client.value;

  async function look(isLeft: () => boolean): Promise<void> {
    if (person === null) return;
    setError(null);
    try {
      const told = await api.person(person);
      if (!isLeft()) setFound(told);
    } catch (thrown) {
      // A key may have been given meanwhile: that there was none before is no refusal of it.
      if (isLeft()) return;
      setFound(null);
      if (!access.notice(thrown)) setError(thrown);
    }
  }

  useEffect(() => {
    let isLeft = false;
    void look(() => isLeft);
    return () => {
      isLeft = true;
    };
  }, [api, person]);

  return (
    <section class="card" aria-label="What is held about somebody">
      <h2>What is held about somebody</h2>
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") go(`#/people?person=${encodeURIComponent(text.trim())}`);
        }}
      >
        <label class="field">
          Login, or id: and a node id
          <input
            type="text"
            required
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <button type="submit">Look</button>
      </form>
      {error === null ? null : <ErrorNotice error={error} />}
      {erased === null ? null : <Notice kind="success" title={erased} />}
      {found === null ? null : <Report found={found} onErase={() => setAsks(true)} />}
      {asks && person !== null ? (
        <ConfirmDialog
          title={`Erase ${person}?`}
          action="Erase and keep out"
          onClose={() => setAsks(false)}
          onConfirm={async () => {
            const { rows, jobs, state } = await api.erasePerson(person);
            setErased(
              `Erased: ${countText(rows)} rows of ${countText(jobs.length)} jobs${state === "pending" ? "; the rest when nobody reads the store" : ""}.`,
            );
            await look(() => false);
          }}
        >
          <p>Everything that is held about them goes for good, and no campaign takes them up again.</p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

function Report({ found, onErase }: { readonly found: PersonView; onErase(): void }): JSX.Element {
  const { identity, records, files, suppressedBy } = found;
  if (records.length === 0 && files.length === 0 && suppressedBy.length === 0) {
    return <p class="empty">Nothing is held under this name.</p>;
  }
  return (
    <>
      <dl class="facts">
        <div>
          <dt>logins</dt>
          <dd>{identity.logins.join(", ") || "–"}</dd>
        </div>
        <div>
          <dt>addresses</dt>
          <dd>{identity.emails.join(", ") || "–"}</dd>
        </div>
        <div>
          <dt>suppressed by</dt>
          <dd>{suppressedBy.map(({ kind }) => kind).join(", ") || "nothing"}</dd>
        </div>
        <div>
          <dt>files</dt>
          <dd>{countText(files.length)}</dd>
        </div>
      </dl>
      <ul class="records">
        {records.map((record) => (
          <li key={`${record.table} ${record.jobId ?? ""} ${record.kind} ${record.key}`}>
            <details>
              <summary>
                {record.kind} in {record.table}
                {record.jobId === null ? "" : `, ${record.jobId}`}
                {record.fetchedAt === null ? "" : `, ${momentText(record.fetchedAt)}`}
              </summary>
              <pre class="json">{JSON.stringify(record.about, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ul>
      <button type="button" class="danger" onClick={onErase}>
        Erase…
      </button>
    </>
  );
}

function Suppression(): JSX.Element {
  const { client, access } = useConsole();
  const [text, setText] = useState("");
  const [told, setTold] = useState<{ readonly verb: string; readonly state: SuppressionState } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const entries = text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter(Boolean);
  const api = client.value;

  async function act(verb: string, ask: () => Promise<SuppressionState>): Promise<void> {
    setError(null);
    setTold(null);
    try {
      setTold({ verb, state: await ask() });
    } catch (thrown) {
      if (!access.notice(thrown)) setError(thrown);
    }
  }

  return (
    <section class="card" aria-label="Never to be contacted">
      <h2>Never to be contacted</h2>
      <label class="field">
        Logins, id: and node ids, addresses, or @domains; a line each
        <textarea
          rows={4}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={entries.length === 0}
          onClick={() => void act("On the list", () => api.addSuppressions(entries))}
        >
          Put on the list
        </button>
        <button
          type="button"
          disabled={entries.length === 0}
          onClick={() => void act("Looked", () => api.checkSuppressions(entries))}
        >
          Look whether they are on it
        </button>
        <button
          type="button"
          disabled={entries.length === 0}
          onClick={() => void act("Off the list", () => api.removeSuppressions(entries))}
        >
          Take off the list
        </button>
      </div>
      {error === null ? null : <ErrorNotice error={error} />}
      {told === null ? null : (
        <Notice kind="success" title={told.verb}>
          <ul>
            {told.state.entries.map(({ kind, hash, listed }, index) => (
              <li key={hash}>
                {entries[index] ?? kind}: {listed ? "on the list" : "not on the list"}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  );
}
