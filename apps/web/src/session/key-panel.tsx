import type { CmoError } from "@cmo/engine";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { Notice } from "../frame/notice.tsx";

/** Asks for the key of a server that wants one. */
export function KeyPanel({ refusal }: { readonly refusal: CmoError }): JSX.Element {
  const { access } = useConsole();
  const [text, setText] = useState("");
  return (
    <div class="page page-narrow">
      <h1>This server wants a key</h1>
      {access.key.value === null ? null : (
        <Notice kind="error" title="This key opens nothing here">
          <p>{refusal.message}</p>
        </Notice>
      )}
      <p>
        Whoever runs it makes one with <code>cmo keys create</code>. It is kept in this tab only, and gone
        when the tab is closed.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") access.use(text.trim());
        }}
      >
        <label class="field">
          Key
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            required
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Use this key
        </button>
      </form>
    </div>
  );
}
