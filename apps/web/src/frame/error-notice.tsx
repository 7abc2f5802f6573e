import { toCmoError } from "@cmo/engine";
import type { JSX } from "preact";
import { Notice } from "./notice.tsx";

/** What went wrong, and what to do now. */
export function ErrorNotice({
  error,
  title,
}: {
  readonly error: unknown;
  readonly title?: string;
}): JSX.Element {
  const { message, hint, problems } = toCmoError(error);
  return (
    <Notice kind="error" {...(title === undefined ? {} : { title })}>
      <p>{message}</p>
      {problems.length === 0 ? null : (
        <ul>
          {problems.map((problem) => (
            <li key={problem.path.join(".")}>
              <code>{problem.path.join(".")}</code> {problem.message}
            </li>
          ))}
        </ul>
      )}
      {hint === null ? null : <p class="hint">{hint}</p>}
    </Notice>
  );
}
