import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  getNamedType,
  isListType,
} from "graphql";
import { problemError } from "./graphql-problem.ts";
import type { QueryContext } from "./query-context.ts";
import { gitHubSchema } from "./schema.ts";

/** One query, already parsed and validated. */
export interface QueryExecution {
  document: DocumentNode;
  variables: Record<string, unknown>;
  operationName?: string;
  root: unknown;
  context: QueryContext;
}

/** Executes a query over views; all of them answer at once, so the result is no promise. */
export function executeQuery({
  document,
  variables,
  operationName,
  root,
  context,
}: QueryExecution): ExecutionResult {
  const result = execute({
    schema: gitHubSchema(),
    document,
    rootValue: root,
    contextValue: context,
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
    fieldResolver: resolveField,
  });
  if (result instanceof Promise) throw new Error("A view answered with a promise.");
  return result as ExecutionResult;
}

const resolveField: GraphQLFieldResolver<unknown, QueryContext> = (source, args, context, info) => {
  const value = (source as Record<string, unknown>)[info.fieldName];
  if (value === undefined) {
    throw problemError(
      "NOT_MODELLED",
      `The simulator does not model ${info.parentType.name}.${info.fieldName}.`,
    );
  }
  const nested = info.path.prev !== undefined;
  if (nested && getNamedType(info.returnType).name.endsWith("Connection")) {
    if (context.disturbance.isOverLimit(keyOf(source, info.fieldName))) {
      throw problemError("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.");
    }
  }
  const answer = typeof value === "function" ? value.call(source, args, context, info) : value;
  if (!nested && info.fieldName === "nodes" && isListType(info.returnType))
    return limitItems(answer, context);
  return answer;
};

/** Items of a list that itself has nothing nested to fail: light profiles, for instance. */
function limitItems(items: unknown, context: QueryContext): unknown {
  if (!Array.isArray(items)) return items;
  return items.map((item: unknown) =>
    !(item instanceof Error) && context.disturbance.isOverLimit(keyOf(item, "node"))
      ? problemError("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.")
      : item,
  );
}

function keyOf(source: unknown, field: string): string {
  const id = typeof source === "object" && source !== null && "id" in source ? String(source.id) : "";
  return `${id}.${field}`;
}
