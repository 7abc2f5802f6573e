import type { SummaryNote, SummaryState } from "@cmo/engine";
import type { JSX } from "preact";
import { Notice, type NoticeKind } from "../frame/notice.tsx";

/** Warnings and errors of a run, each with what to do about it. */
export function Notes({
  summary: { errors, warnings },
}: {
  readonly summary: SummaryState;
}): JSX.Element | null {
  if (errors.length === 0 && warnings.length === 0) return null;
  return (
    <section class="notes" aria-label="Warnings and errors">
      <h2>Warnings and errors</h2>
      {errors.map((note) => (
        <Note key={`${note.code} ${note.message}`} kind="error" note={note} />
      ))}
      {warnings.map((note) => (
        <Note key={`${note.code} ${note.message}`} kind="warning" note={note} />
      ))}
    </section>
  );
}

function Note({ kind, note }: { readonly kind: NoticeKind; readonly note: SummaryNote }): JSX.Element {
  return (
    <Notice kind={kind} title={note.message}>
      {note.hint === null ? null : <p class="hint">{note.hint}</p>}
      <p class="code">
        <code>{note.code}</code>
      </p>
    </Notice>
  );
}
