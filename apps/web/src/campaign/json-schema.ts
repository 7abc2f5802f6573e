/** The slice of a JSON Schema that the form is made of. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** How a key is written in the form. */
export type FieldKind = "text" | "long-text" | "number" | "choice" | "yes-no" | "list";

/** One key of a config that the form can write. */
export interface Field {
  /** Where it stands in the config: `["params", "language"]`. */
  readonly path: readonly string[];
  readonly kind: FieldKind;
  readonly help: string;
  /** What it is when nobody says, as text; null for nothing. */
  readonly usual: string | null;
  readonly choices: readonly string[];
  readonly isWhole: boolean;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly maxLength: number | null;
}

/** Texts that are sentences. */
const longTexts: ReadonlySet<string> = new Set(["goal_template"]);

/**
 * All keys of a schema that a form can write, in its order. What is no single value and no list of words (faults)
 * is left to the YAML.
 */
export function fieldsOf(schema: JsonSchema, path: readonly string[] = []): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const innerPath = [...path, key];
    const section = sectionOf(inner);
    if (section !== null) return fieldsOf(section, innerPath);
    const field = fieldOf(innerPath, inner);
    return field === null ? [] : [field];
  });
}

/** The mapping that a key may be; a key that may be a word too (`source`) is written as the mapping. */
function sectionOf(schema: JsonSchema): JsonSchema | null {
  if (schema.properties !== undefined) return schema;
  const section = schema.anyOf?.find(({ properties }) => properties !== undefined);
  // A range of stars may be a mapping, and is a text for people.
  const isText = schema.anyOf?.some((one) => one.type === "string" && one.enum === undefined) ?? false;
  return section === undefined || isText ? null : section;
}

function fieldOf(path: readonly string[], schema: JsonSchema): Field | null {
  const main = schema.anyOf?.find(({ type }) => type !== "null") ?? schema;
  const kind = kindOf(path, main);
  if (kind === null) return null;
  return {
    path,
    kind,
    help: schema.description ?? "",
    usual: schema.default === undefined ? null : String(schema.default),
    choices: kind === "choice" ? [...new Set((main.enum ?? []).map(String))] : [],
    isWhole: main.type === "integer",
    minimum: main.minimum ?? null,
    maximum: main.maximum ?? null,
    maxLength: main.maxLength ?? null,
  };
}

function kindOf(path: readonly string[], { type, enum: choices, items }: JsonSchema): FieldKind | null {
  if (choices !== undefined) return "choice";
  if (type === "boolean") return "yes-no";
  if (type === "integer" || type === "number") return "number";
  if (type === "string") return longTexts.has(path.join(".")) ? "long-text" : "text";
  if (type === "array" && items !== undefined && "type" in items && items.type === "string") return "list";
  return null;
}
