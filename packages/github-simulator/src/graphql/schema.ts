import { readFileSync } from "node:fs";
import { buildASTSchema, type GraphQLSchema, parse } from "graphql";

/**
 * GitHub's public schema, as `@octokit/graphql-schema` carries it. Built at the first call (about 0.15 s) and shared.
 * The file defines one field twice, which a strict build refuses.
 */
export function gitHubSchema(): GraphQLSchema {
  shared ??= buildASTSchema(parse(readFileSync(schemaUrl(), "utf8"), { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  return shared;
}

let shared: GraphQLSchema | undefined;

/**
 * The file is not among the package's exports, but lies beside its entry. The entry is not imported: that costs another
 * 100 MB.
 */
function schemaUrl(): URL {
  return new URL("./schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
}
