import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Hono } from "hono";
import type { OpenAPIV3_1 } from "openapi-types";
import type { DocumentOperation } from "../../src/document/operations-of.ts";
import { operationsOf } from "../../src/document/operations-of.ts";
import type { ApiEnv } from "../../src/index.ts";

/** Knows the document of an app, and whether an answer is one that it tells of. */
export interface AnswerChecker {
  readonly document: OpenAPIV3_1.Document;
  readonly operations: readonly DocumentOperation[];
  /** What is wrong with the examples of answers that the document has. */
  exampleProblems(): readonly string[];
  /** What is wrong with an answer; null when nothing is. */
  problemOf(operation: DocumentOperation, answer: Response, text: string): string | null;
}

/** Reads the document of an app. */
export async function openAnswerChecker(app: Hono<ApiEnv>): Promise<AnswerChecker> {
  const document = (await (
    await app.request("http://localhost/openapi.json")
  ).json()) as OpenAPIV3_1.Document;
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...closed(document), $id: base });
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(pointer: string): ValidateFunction {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `${base}#${pointer}` });
    compiled.set(pointer, known);
    return known;
  }

  return {
    document,
    operations: operationsOf(document),
    exampleProblems: () =>
      examplesIn(document, "").flatMap(({ pointer, example }) => {
        const validate = validatorOf(`${pointer}/schema`);
        return validate(example) ? [] : [`${pointer}: ${ajv.errorsText(validate.errors)}`];
      }),
    problemOf({ method, path, operation }, answer, text) {
      const { status } = answer;
      const told = operation.responses?.[String(status)];
      if (told === undefined) return `${method} ${path} does not tell of ${status}`;
      if (method === "HEAD" || status === 204 || status === 302) return text === "" ? null : "has a body";
      const mediaType = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
      const own = ["", "paths", path, method.toLowerCase(), "responses", String(status)];
      const place = "$ref" in told ? told.$ref.slice(1) : own.map(escaped).join("/");
      const resolved =
        "$ref" in told ? document.components?.responses?.[told.$ref.split("/").at(-1) ?? ""] : told;
      const content = resolved !== undefined && "content" in resolved ? (resolved.content ?? {}) : {};
      if (content[mediaType] === undefined)
        return `${method} ${path} does not tell of ${mediaType} for ${status}`;
      if (!/[/+]json$/.test(mediaType)) return null;
      const validate = validatorOf(`${place}/content/${escaped(mediaType)}/schema`);
      const parsed: unknown = JSON.parse(text);
      // A file is told of as a whole text.
      if (validate(parsed) || validate(text)) return null;
      return `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}`;
    },
  };
}

const base = "https://cmo.test/openapi.json";

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** Everything with a schema and an example of it beside it, by its pointer. */
function examplesIn(value: unknown, pointer: string): { pointer: string; example: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "example" in value && "schema" in value ? [{ pointer, example: value.example }] : [];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    examplesIn(item, `${pointer}/${escaped(key)}`),
  );
  return [...own, ...inner];
}

/** The document with every object closed: a field that it does not tell of is one that nobody decided to show. */
function closed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(closed) as T;
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)]));
  const isOpen =
    copy.type === "object" && copy.properties !== undefined && copy.additionalProperties === undefined;
  return (isOpen ? { ...copy, additionalProperties: false } : copy) as T;
}
