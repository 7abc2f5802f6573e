import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildASTSchema, type GraphQLSchema, parse } from "graphql";

/**
 * GitHub's public schema, as `@octokit/graphql-schema` carries it. Built at the first call (about 0.15 s) and shared.
 * The file defines one field twice, which a strict build refuses.
 */
export function gitHubSchema(): GraphQLSchema {
  shared ??= buildASTSchema(parse(readFileSync(schemaPath(), "utf8"), { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  return shared;
}

let shared: GraphQLSchema | undefined;

/**
 * The file is not among the package's exports, and importing the package to ask it costs another 100 MB: so it is
 * looked for where Node looks for packages, or beside this module in a bundle that brings it along.
 */
function schemaPath(): string {
  const folders = createRequire(import.meta.url).resolve.paths(PACKAGE) ?? [];
  const candidates = folders.map((folder) => join(folder, PACKAGE, FILE));
  candidates.push(fileURLToPath(new URL(`./${FILE}`, import.meta.url)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`${PACKAGE} is not installed: its ${FILE} was not found.`);
  return found;
}

const PACKAGE = "@octokit/graphql-schema";
const FILE = "schema.graphql";
