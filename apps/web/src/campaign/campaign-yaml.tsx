import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import type { Draft } from "./draft.ts";
import type { Check } from "./use-check.ts";

/** The config as it would be written into a file, to be edited or pasted over, with what is wrong with it. */
export function CampaignYaml({
  draft,
  check,
  onChange,
}: {
  readonly draft: Draft;
  readonly check: Check;
  onChange(text: string): void;
}): JSX.Element {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const { validation, isCurrent } = check;
  const problems = isCurrent ? (validation?.problems ?? []) : [];
  const warnings = isCurrent ? (validation?.warnings ?? []) : [];
  const rows = Math.max(24, Math.min(60, draft.text.split("\n").length + 1));

  function goTo(line: number | undefined): void {
    const text = area.current;
    if (text === null || line === undefined) return;
    const lines = draft.text.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }

  return (
    <section class="card campaign-yaml" aria-label="As YAML">
      <h2>
        <label for={id}>As YAML</label>
      </h2>
      <p class="hint">The same config as a file for cmo run. Paste one over it.</p>
      <textarea
        id={id}
        ref={area}
        rows={rows}
        spellcheck={false}
        autocapitalize="off"
        value={draft.text}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <ul class="problems" aria-live="polite">
        {problems.map((problem) => (
          <li key={`${problem.path.join(".")} ${problem.message}`} class="problem">
            <button type="button" class="quiet" onClick={() => goTo(problem.line)}>
              {problem.line === undefined ? "" : `line ${problem.line}: `}
              {problem.path.join(".")} {problem.message}
              {problem.suggestion === undefined ? "" : `; ${problem.suggestion}`}
            </button>
          </li>
        ))}
        {warnings.map((warning) => (
          <li key={`${warning.path.join(".")} ${warning.message}`} class="hint">
            {warning.path.join(".")} {warning.message}
          </li>
        ))}
      </ul>
    </section>
  );
}
