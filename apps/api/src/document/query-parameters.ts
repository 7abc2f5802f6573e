import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type { OpenAPIV3_1 } from "openapi-types";
import type { QuerySchema } from "../request/read-query.ts";

/** The parameters of a query as the document tells of them: as what they mean, not as the text that they come in. */
export function queryParameters(schema: QuerySchema): OpenAPIV3_1.ParameterObject[] {
  const { properties = {}, required = [] } = toJsonSchema(schema, {
    typeMode: "output",
    errorMode: "ignore",
  });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = typeof property === "boolean" ? {} : property;
    return {
      in: "query",
      name,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      ...(rest.type === "array" ? { style: "form", explode: !isOfWords(rest) } : {}),
      schema: asSchemaObject(rest),
    };
  });
}

/** Words come in one value, with commas between them. A text may hold commas, and comes in a value of its own. */
function isOfWords({ items }: JsonSchema): boolean {
  return typeof items === "object" && !Array.isArray(items) && items.enum !== undefined;
}

/** JSON Schema 2020-12 is what OpenAPI 3.1 has for schemas; the types of parameters were left at 3.0. */
function asSchemaObject(schema: JsonSchema): NonNullable<OpenAPIV3_1.ParameterObject["schema"]> {
  return schema as NonNullable<OpenAPIV3_1.ParameterObject["schema"]>;
}
