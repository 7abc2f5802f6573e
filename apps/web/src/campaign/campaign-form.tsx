import type { JSX } from "preact";
import { Notice } from "../frame/notice.tsx";
import { wordsOf } from "../text/format.ts";
import { CampaignField } from "./campaign-field.tsx";
import { type Draft, valueAt, withValue } from "./draft.ts";
import type { Field } from "./json-schema.ts";
import type { Check } from "./use-check.ts";

/** The parts of the form, and the keys that each begins with. The first is open; what is in no other is in the last. */
const parts: readonly {
  readonly title: string;
  readonly keys: readonly string[];
  readonly isOpen: boolean;
}[] = [
  { title: "What it is", keys: ["name", "goal_template", "purpose", "basis"], isOpen: true },
  { title: "Whom it is after", keys: ["params", "pushed_since"], isOpen: true },
  { title: "Where it looks", keys: ["source"], isOpen: true },
  { title: "Topics and other languages", keys: ["default_icp"], isOpen: false },
  { title: "Where it stops", keys: ["limits"], isOpen: false },
  { title: "What a score is made of", keys: ["scoring"], isOpen: false },
  { title: "Everything else", keys: [], isOpen: false },
];

/** Keys without an effect have no place in a form; the YAML may hold them. */
const leftOut: ReadonlySet<string> = new Set(["version", "params.budget_per_day"]);

/** A config as a form, made from its schema. */
export function CampaignForm({
  fields,
  draft,
  check,
  onChange,
}: {
  readonly fields: readonly Field[];
  readonly draft: Draft;
  readonly check: Check;
  onChange(draft: Draft): void;
}): JSX.Element {
  if (draft.document === null) {
    return (
      <div>
        <Notice kind="warning" title="The YAML cannot be shown as a form">
          <p>Mend it beside, or begin anew.</p>
        </Notice>
      </div>
    );
  }
  const named = new Set(parts.flatMap(({ keys }) => keys));
  return (
    <div class="campaign-form">
      {parts.map(({ title, keys, isOpen }) => {
        const inPart = fields.filter(
          ({ path: [key = "", ...more] }) =>
            !leftOut.has([key, ...more].join(".")) &&
            (keys.length === 0 ? !named.has(key) : keys.includes(key)),
        );
        return inPart.length === 0 ? null : (
          <details key={title} class="card" open={isOpen}>
            <summary>
              <h2>{title}</h2>
            </summary>
            {inPart.map((field) => (
              <CampaignField
                key={field.path.join(".")}
                field={field}
                label={labelOf(field.path)}
                value={valueAt(draft, field.path)}
                problems={problemsOf(check, field.path)}
                onChange={(value) => onChange(withValue(draft, field.path, value))}
              />
            ))}
          </details>
        );
      })}
    </div>
  );
}

/** A section's own name goes without saying. */
function labelOf(path: readonly string[]): string {
  const told = path.length > 1 && path[0] !== undefined ? path.slice(1) : path;
  return told.map(wordsOf).join(": ");
}

function problemsOf({ validation, isCurrent }: Check, path: readonly string[]): readonly string[] {
  if (!isCurrent || validation === null) return [];
  const place = path.join(".");
  return validation.problems
    .filter((problem) => problem.path.join(".") === place || problem.path.join(".").startsWith(`${place}.`))
    .map(({ message, suggestion }) => (suggestion === undefined ? message : `${message}; ${suggestion}`));
}
