import type { DocumentNode } from "graphql";
import type { OperationKind } from "../fault/fault-rule.ts";
import { hashText } from "../random/hash.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { World } from "../world/world.ts";
import { createDocumentCache } from "./document-cache.ts";
import { executeQuery } from "./execute-query.ts";
import { formatProblem, type GraphQLProblem } from "./graphql-problem.ts";
import { analyseQuery } from "./query-analysis.ts";
import type { QueryContext } from "./query-context.ts";
import { createRootView } from "./root-view.ts";

/** A request body that was read: ready to be executed, or refused as it is. */
export type PreparedQuery = {
  operation: OperationKind;
  /** Node ids and logins that the variables name. */
  ids: readonly string[];
  cost: number;
  nodeCount: number;
  /** On the ten-second clock, with the jitter that this very question always has. */
  simulatedMs: number;
  /** Needs a scope for e-mail addresses. */
  asksEmail: boolean;
} & (
  | { refusal: { status: number; body: unknown } }
  | { refusal: null; run(context: Omit<QueryContext, "world" | "search">): unknown }
);

/** GraphQL over a world. */
export interface GraphqlEndpoint {
  prepare(bodyText: string): PreparedQuery;
}

export function createGraphqlEndpoint(world: World, search: SearchIndex): GraphqlEndpoint {
  const checkDocument = createDocumentCache();
  const root = createRootView(world);
  return {
    prepare(bodyText) {
      const body = readBody(bodyText);
      if ("message" in body) return refuse(400, { message: body.message });
      const checked = checkDocument(body.query);
      if (!checked.ok) {
        return refuse(200, {
          errors: checked.errors.map((error) => ({
            ...formatProblem(error),
            extensions: { code: "graphqlValidationFailed" },
          })),
        });
      }
      const analysis = analyseQuery(checked.document, body.variables, body.operationName);
      const [problem] = analysis.problems;
      const shared = {
        operation: operationOf(analysis.fields),
        ids: idsOf(body.variables),
        cost: analysis.cost,
        nodeCount: analysis.nodeCount,
        simulatedMs: Math.round(analysis.simulatedMs * jitter(world.seed, bodyText)),
        asksEmail: analysis.fields.has("User.email"),
      };
      if (problem !== undefined) {
        return {
          ...shared,
          simulatedMs: 0,
          refusal: { status: 200, body: { data: null, errors: analysis.problems } },
        };
      }
      return {
        ...shared,
        refusal: null,
        run: (context) => run(checked.document, body, root, { ...context, world, search }),
      };
    },
  };

  function run(document: DocumentNode, body: GraphqlBody, rootView: unknown, context: QueryContext): unknown {
    const result = executeQuery({
      document,
      variables: body.variables,
      ...(body.operationName === undefined ? {} : { operationName: body.operationName }),
      root: rootView,
      context,
    });
    const errors: GraphQLProblem[] | undefined = result.errors?.map(formatProblem);
    return errors === undefined ? { data: result.data } : { data: result.data ?? null, errors };
  }
}

interface GraphqlBody {
  query: string;
  variables: Record<string, unknown>;
  operationName?: string;
}

function readBody(text: string): GraphqlBody | { message: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { message: "Problems parsing JSON" };
  }
  if (typeof body !== "object" || body === null || !("query" in body) || typeof body.query !== "string") {
    return { message: "A query attribute must be specified and must be a string." };
  }
  const variables =
    "variables" in body && typeof body.variables === "object" && body.variables !== null
      ? body.variables
      : {};
  const operationName =
    "operationName" in body && typeof body.operationName === "string" ? body.operationName : undefined;
  return {
    query: body.query,
    variables: { ...variables },
    ...(operationName === undefined ? {} : { operationName }),
  };
}

function refuse(status: number, body: unknown): PreparedQuery {
  return {
    operation: "other",
    ids: [],
    cost: 0,
    nodeCount: 0,
    simulatedMs: 0,
    asksEmail: false,
    refusal: { status, body },
  };
}

function operationOf(fields: ReadonlySet<string>): OperationKind {
  if (fields.has("Query.search")) return "search";
  if (fields.has("Commit.history")) return "history";
  if (fields.has("Repository.pullRequests") || fields.has("Repository.releases")) return "maintainers";
  if (fields.has("Query.nodes") && [...fields].some((field) => field.startsWith("User."))) return "people";
  if (fields.has("Query.viewer") || fields.has("Query.user") || fields.has("Query.rateLimit"))
    return "viewer";
  return "other";
}

function idsOf(variables: Record<string, unknown>): string[] {
  return Object.values(variables)
    .flat()
    .filter((value): value is string => typeof value === "string" && /^[A-Z]+_[\w-]+$/.test(value));
}

/** Between 0.9 and 1.1. By the question, so that asking the same again takes the same. */
function jitter(seed: number, text: string): number {
  return 0.9 + 0.2 * (hashText(`${seed}/${text}`) / 0x1_0000_0000);
}
