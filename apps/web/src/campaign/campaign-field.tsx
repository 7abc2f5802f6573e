import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Field } from "./json-schema.ts";

/** What an input of any kind needs to be one with its label and help. */
interface InputParts {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly "aria-invalid": boolean;
}

/** One key of the config, with its help, what it is when nobody says, and what is wrong with it. */
export function CampaignField({
  field,
  label,
  value,
  problems,
  onChange,
}: {
  readonly field: Field;
  readonly label: string;
  readonly value: unknown;
  readonly problems: readonly string[];
  /** Undefined takes the key out. */
  onChange(value: unknown): void;
}): JSX.Element {
  const id = useId();
  const parts: InputParts = {
    id,
    "aria-describedby": `${id}-help`,
    "aria-invalid": problems.length > 0,
  };
  return (
    <div class={problems.length > 0 ? "campaign-field wrong" : "campaign-field"}>
      <label for={id}>{label}</label>
      <Input field={field} value={value} parts={parts} onChange={onChange} />
      <div id={`${id}-help`}>
        {problems.map((problem) => (
          <p key={problem} class="problem">
            {problem}
          </p>
        ))}
        <p class="hint">{field.help}</p>
      </div>
    </div>
  );
}

function Input({
  field,
  value,
  parts,
  onChange,
}: {
  readonly field: Field;
  readonly value: unknown;
  readonly parts: InputParts;
  onChange(value: unknown): void;
}): JSX.Element {
  const { kind, usual, choices, minimum, maximum, maxLength, isWhole } = field;
  // What is typed stays as it is typed: `1.` is on its way to a number.
  const [typed, setTyped] = useState(textOf(value));
  // Worked out while it is drawn, so that the field never shows another value than the YAML beside it.
  const text = same(typedValue(kind, typed), value) ? typed : textOf(value);

  function change(to: string): void {
    setTyped(to);
    onChange(typedValue(kind, to));
  }

  switch (kind) {
    case "choice":
    case "yes-no":
      return (
        <select {...parts} value={text} onChange={({ currentTarget }) => change(currentTarget.value)}>
          <option value="">{usual === null ? "–" : `as usual: ${usual === "false" ? "no" : usual}`}</option>
          {(kind === "yes-no" ? ["true", "false"] : choices).map((choice) => (
            <option key={choice} value={choice}>
              {{ true: "yes", false: "no" }[choice] ?? choice}
            </option>
          ))}
        </select>
      );
    case "number":
      return (
        <input
          {...parts}
          type="number"
          placeholder={usual ?? ""}
          step={isWhole ? 1 : "any"}
          {...(minimum === null ? {} : { min: minimum })}
          {...(maximum === null ? {} : { max: maximum })}
          value={text}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      );
    case "long-text":
      return (
        <textarea
          {...parts}
          rows={3}
          placeholder={usual ?? ""}
          value={text}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      );
    case "text":
    case "list":
      return (
        <input
          {...parts}
          type="text"
          spellcheck={false}
          placeholder={usual ?? (kind === "list" ? "one, another" : "")}
          {...(maxLength === null || kind === "list" ? {} : { maxLength })}
          value={text}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      );
    default:
      return kind satisfies never;
  }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return Array.isArray(value)
    ? value.join(", ")
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
}

function typedValue(kind: Field["kind"], text: string): unknown {
  if (text.trim() === "") return undefined;
  switch (kind) {
    case "number":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "yes-no":
      return text === "true";
    case "list":
      return text
        .split(",")
        .map((word) => word.trim())
        .filter(Boolean);
    case "choice":
    case "text":
    case "long-text":
      return text;
    default:
      return kind satisfies never;
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
