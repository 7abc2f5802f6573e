import type { GenericSchema } from "valibot";

/** The parts of a Valibot schema that are read here; every schema has some of them. */
export interface SchemaNode {
  readonly type: string;
  /** What is allowed, as the schema's author put it. */
  readonly message?: unknown;
  /** Keys of an object. */
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  /** What a list holds. */
  readonly item?: SchemaNode;
  /** What a list of fixed length holds. */
  readonly items?: readonly SchemaNode[];
  /** Alternatives, where `type` is `union` or `variant`; values, where it is `picklist`. */
  readonly options?: readonly unknown[];
  /** The key that tells the alternatives of a `variant` apart. */
  readonly key?: string;
  /** A literal's value. */
  readonly literal?: unknown;
  /** What an optional or nullable schema holds. */
  readonly wrapped?: SchemaNode;
  /** Actions of a pipe. */
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

/** What a schema allows as far as it concerns walking a value. */
export interface SchemaShape {
  /** The keys, where a mapping is allowed. */
  entries: Readonly<Record<string, SchemaNode>> | null;
  /** What a list may hold, and how much of it, where a list is allowed. */
  list: { itemAt(index: number): SchemaNode | null; maximum: number } | null;
}

/** A schema seen as a {@link SchemaNode}. */
export function schemaNode(schema: GenericSchema): SchemaNode {
  return schema as unknown as SchemaNode;
}

/** The schema inside `optional` and `nullable`. */
export function unwrapSchema(node: SchemaNode): SchemaNode {
  return node.wrapped === undefined ? node : unwrapSchema(node.wrapped);
}

/** Whether a key with this schema may be left out. */
export function mayBeMissing(node: SchemaNode): boolean {
  return node.type === "optional" || node.type === "exact_optional" || node.type === "nullish";
}

/**
 * The shape of a schema. Of a `variant`, `discriminator` picks the alternative by the value of its key; without a match
 * the keys of all are taken together, so that a wrong type does not make every other key unknown.
 */
export function schemaShape(node: SchemaNode, discriminator: (key: string) => unknown): SchemaShape {
  const shape: SchemaShape = { entries: null, list: null };
  for (const option of alternatives(unwrapSchema(node), discriminator)) {
    if (option.entries !== undefined) shape.entries = { ...shape.entries, ...option.entries };
    const { item, items } = option;
    if (item !== undefined) shape.list = { itemAt: () => item, maximum: longestList(option) };
    else if (items !== undefined)
      shape.list = { itemAt: (index) => items[index] ?? null, maximum: items.length };
  }
  return shape;
}

/** The paths of every key below a schema of objects, parents before children: `[["params"], ["params", "language"]]`. */
export function keyPaths(node: SchemaNode): string[][] {
  const { entries } = schemaShape(node, () => undefined);
  return Object.entries(entries ?? {}).flatMap(([key, inner]) => [
    [key],
    ...keyPaths(inner).map((path) => [key, ...path]),
  ]);
}

function alternatives(node: SchemaNode, discriminator: (key: string) => unknown): SchemaNode[] {
  if (node.type !== "union" && node.type !== "variant") return [node];
  const options = ((node.options ?? []) as readonly SchemaNode[]).map(unwrapSchema);
  const { key } = node;
  if (key === undefined) return options;
  const chosen = discriminator(key);
  const matching = options.filter((option) => option.entries?.[key]?.literal === chosen);
  return matching.length === 0 ? options : matching;
}

function longestList(node: SchemaNode): number {
  for (const action of node.pipe ?? []) {
    if (action.type === "max_length" && typeof action.requirement === "number") return action.requirement;
  }
  return 1_000;
}
