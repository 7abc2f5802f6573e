import { campaignConfigSchema } from "@cmo/engine";
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { keyDefaults } from "./key-default.ts";
import { keyDescriptions } from "./key-description.ts";

/**
 * The JSON Schema of a campaign config, for editors: made from the schema that reads configs, with a description for
 * every key, and what it is when nobody says. Checks that JSON Schema cannot say (a date that exists, min up to max) are left out of it.
 */
export function campaignJsonSchema(): JsonSchema {
  const schema = toJsonSchema(campaignConfigSchema, {
    target: "draft-07",
    typeMode: "input",
    errorMode: "ignore",
  });
  describeKeys(schema, []);
  return { $schema: "http://json-schema.org/draft-07/schema#", title: "A campaign of cmo", ...schema };
}

/** {@link campaignJsonSchema} as the text of `config/campaign.schema.json`. */
export function campaignJsonSchemaText(): string {
  return `${JSON.stringify(campaignJsonSchema(), null, 2)}\n`;
}

/** The path of every key in a JSON Schema, items of lists under the key of the list: `source.faults.rate`. */
export function jsonSchemaKeys(schema: JsonSchema, path: readonly string[] = []): string[] {
  return innerSchemas(schema).flatMap(({ key, inner }) => {
    const innerPath = key === null ? path : [...path, key];
    return [...(key === null ? [] : [innerPath.join(".")]), ...jsonSchemaKeys(inner, innerPath)];
  });
}

function describeKeys(schema: JsonSchema, path: readonly string[]): void {
  for (const { key, inner } of innerSchemas(schema)) {
    const innerPath = key === null ? path : [...path, key];
    const description = keyDescriptions[innerPath.join(".")];
    if (key !== null && description !== undefined) inner.description = description;
    const usual = keyDefaults[innerPath.join(".")];
    if (key !== null && usual !== undefined) inner.default = usual;
    describeKeys(inner, innerPath);
  }
}

function innerSchemas(schema: JsonSchema): { key: string | null; inner: JsonSchema }[] {
  const named = Object.entries(schema.properties ?? {}).map(([key, inner]) => ({ key, inner }));
  const lists = Array.isArray(schema.items) ? [] : [schema.items];
  const unnamed = [...(schema.anyOf ?? []), ...lists].map((inner) => ({ key: null, inner }));
  // A range of stars may be a mapping; its min and max are no keys of the config.
  if (named.some(({ key }) => key === "min")) return [];
  return [...named, ...unnamed].flatMap(({ key, inner }) =>
    typeof inner === "object" ? [{ key, inner }] : [],
  );
}
