import { type DocumentNode, GraphQLError, parse, specifiedRules, validate } from "graphql";
import { createBoundedCache } from "../world/bounded-cache.ts";
import { gitHubSchema } from "./schema.ts";

/** A document that may be executed, or everything that is wrong with it. */
export type CheckedDocument =
  | { ok: true; document: DocumentNode }
  | { ok: false; errors: readonly GraphQLError[] };

/** Parses and validates each text once. */
export function createDocumentCache(capacity = 100): (text: string) => CheckedDocument {
  const cache = createBoundedCache<string, CheckedDocument>(capacity);
  return (text) => cache.get(text, () => check(text));
}

function check(text: string): CheckedDocument {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return { ok: false, errors: [error] };
    throw error;
  }
  const errors = validate(gitHubSchema(), document, specifiedRules);
  return errors.length === 0 ? { ok: true, document } : { ok: false, errors };
}
