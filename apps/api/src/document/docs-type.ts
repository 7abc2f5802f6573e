import { html } from "hono/html";
import type { OpenAPIV3_1 } from "openapi-types";

/** A piece of a page. */
export type Markup = ReturnType<typeof html>;

type Schema = OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject;

/** A schema in a notation that people read: what the JSON looks like, with what each part means behind it. */
export function typeMarkup(schema: Schema, indent = ""): Markup {
  if ("$ref" in schema) return referenceMarkup(schema.$ref);
  if (schema.const !== undefined) return html`${JSON.stringify(schema.const)}`;
  if (schema.enum !== undefined) return joined(schema.enum.map((value: unknown) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return joined(choices.map((choice) => typeMarkup(choice, indent)));
  if (schema.type === "array" && "items" in schema) {
    return html`list of ${typeMarkup(schema.items, indent)}`;
  }
  if (schema.type === "object") return objectMarkup(schema, indent);
  return html`${plainType(schema)}`;
}

/** The id of a named schema on the page. */
export function schemaAnchor(name: string): string {
  return `schema-${name}`;
}

function referenceMarkup(reference: string): Markup {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return html`<a href="#${schemaAnchor(name)}">${name}</a>`;
}

function objectMarkup(schema: OpenAPIV3_1.NonArraySchemaObject, indent: string): Markup {
  const { properties = {}, required = [], additionalProperties } = schema;
  const deeper = `${indent}  `;
  const lines = Object.entries(properties).map(([name, property]) => {
    const about = "description" in property ? property.description : undefined;
    return html`${deeper}<b>${name}</b>${required.includes(name) ? "" : "?"}: ${typeMarkup(property, deeper)}${
      about === undefined ? "" : html` <i>${about}</i>`
    }
`;
  });
  if (typeof additionalProperties === "object") {
    lines.push(html`${deeper}[any name]: ${typeMarkup(additionalProperties, deeper)}
`);
  }
  return lines.length === 0
    ? html`{ … }`
    : html`{
${lines}${indent}}`;
}

function joined(parts: readonly (Markup | string)[]): Markup {
  return html`${parts.map((part, index) => (index === 0 ? html`${part}` : html` | ${part}`))}`;
}

function plainType(schema: OpenAPIV3_1.SchemaObject): string {
  const { type, format, minimum, maximum, minLength, maxLength } = schema;
  const name = Array.isArray(type) ? type.join(" | ") : (type ?? "anything");
  const bounds = [
    minimum === undefined ? "" : `from ${minimum}`,
    maximum === undefined ? "" : `to ${maximum}`,
    minLength === undefined || minLength === 0 ? "" : `at least ${minLength} characters`,
    maxLength === undefined ? "" : `at most ${maxLength} characters`,
  ].filter((bound) => bound !== "");
  const said = format === "date-time" ? "instant" : name;
  return bounds.length === 0 ? said : `${said} ${bounds.join(" ")}`;
}
