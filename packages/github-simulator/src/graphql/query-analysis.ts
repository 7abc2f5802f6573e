import {
  type DocumentNode,
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLOutputType,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { clockCostOf } from "./clock-cost.ts";
import type { GraphQLProblem } from "./graphql-problem.ts";
import { gitHubSchema } from "./schema.ts";

/** What a query asks for, as far as its text and variables tell. */
export interface QueryAnalysis {
  /** Most nodes that the answer can hold. */
  nodeCount: number;
  /** Points by GitHub's formula: requests for connections, over 100, at least 1. */
  cost: number;
  /** What the query takes on the ten-second clock, before jitter. */
  simulatedMs: number;
  /** Names of all fields that are selected, as `Type.field`. */
  fields: ReadonlySet<string>;
  problems: readonly GraphQLProblem[];
}

/** Most nodes that a query may ask for. */
const NODE_LIMIT = 500_000;

/** Walks the operation once. Fragments on the same node add up, so the result is an upper bound, as GitHub's is. */
export function analyseQuery(
  document: DocumentNode,
  rawVariables: Record<string, unknown>,
  operationName?: string,
): QueryAnalysis {
  const schema = gitHubSchema();
  const operation = getOperationAST(document, operationName);
  const problems: GraphQLProblem[] = [];
  const fields = new Set<string>();
  const totals = { nodes: 0, requests: 0, ms: 0 };
  if (!operation) {
    problems.push({ message: "An operation name is required" });
    return { nodeCount: 0, cost: 1, simulatedMs: 0, fields, problems };
  }
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], rawVariables);
  if (coerced.errors) {
    problems.push(
      ...coerced.errors.map((error) => ({
        message: error.message,
        extensions: { code: "variableMismatch" },
      })),
    );
    return { nodeCount: 0, cost: 1, simulatedMs: 0, fields, problems };
  }
  const variables = coerced.coerced;

  const walk = (
    selections: SelectionSetNode,
    typeName: string,
    parents: number,
    path: readonly string[],
  ): void => {
    const type = schema.getType(typeName);
    for (const selection of selections.selections) {
      if (isSkipped(selection, variables)) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, parents, path);
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragmentOf(document, selection.name.value);
        if (fragment) walk(fragment.selectionSet, fragment.typeCondition.name.value, parents, path);
      } else if (isObjectType(type) || isInterfaceType(type)) {
        const field = type.getFields()[selection.name.value];
        if (field)
          walkField(selection, typeName, field, parents, [
            ...path,
            selection.alias?.value ?? selection.name.value,
          ]);
      }
    }
  };

  const walkField = (
    node: FieldNode,
    typeName: string,
    field: { name: string; type: GraphQLOutputType } & Parameters<typeof getArgumentValues>[0],
    parents: number,
    path: readonly string[],
  ): void => {
    fields.add(`${typeName}.${field.name}`);
    const returned = getNamedType(field.type).name;
    const args = getArgumentValues(field, node, variables);
    let children = parents;
    let size: number | null = null;
    if (typeName === "Query" && field.name === "nodes") {
      const ids = Array.isArray(args.ids) ? args.ids.length : 0;
      if (ids > 100) {
        problems.push(
          problem(
            "ARGUMENT_LIMIT",
            `You may not provide more than 100 node ids; you provided ${ids}.`,
            path,
            node,
          ),
        );
      }
      totals.requests += 1;
      totals.nodes += ids;
      children = ids;
      size = ids;
    } else if (returned.endsWith("Connection")) {
      size = connectionSize(node, document, args, path, problems);
      totals.requests += parents;
      totals.nodes += parents * size;
      children = parents * Math.max(1, size);
    }
    totals.ms += parents * clockCostOf(`${typeName}.${field.name}`, size);
    if (node.selectionSet) walk(node.selectionSet, returned, children, path);
  };

  walk(operation.selectionSet, rootType(operation), 1, []);
  if (totals.nodes > NODE_LIMIT) {
    problems.push({
      type: "MAX_NODE_LIMIT_EXCEEDED",
      message: `This query requests up to ${totals.nodes.toLocaleString("en-US")} possible nodes which exceeds the maximum limit of 500,000.`,
    });
  }
  return {
    nodeCount: totals.nodes,
    cost: Math.max(1, Math.round(totals.requests / 100)),
    simulatedMs: 40 + totals.ms,
    fields,
    problems,
  };
}

/** How many items a connection is asked for; 0 when only facts about the whole are. */
function connectionSize(
  node: FieldNode,
  document: DocumentNode,
  args: Record<string, unknown>,
  path: readonly string[],
  problems: GraphQLProblem[],
): number {
  const name = node.name.value;
  for (const bound of ["first", "last"] as const) {
    const value = args[bound];
    if (typeof value !== "number") continue;
    if (value > 100) {
      problems.push(
        problem(
          "EXCESSIVE_PAGINATION",
          `Requesting ${value} records on the \`${name}\` connection exceeds the \`${bound}\` limit of 100 records.`,
          path,
          node,
        ),
      );
    }
    if (value < 0 || (value === 0 && asksItems(node.selectionSet, document))) {
      problems.push(
        problem(
          "MISSING_PAGINATION_BOUNDARIES",
          `\`${bound}\` on the \`${name}\` connection must be from 1 to 100.`,
          path,
          node,
        ),
      );
    }
    return Math.max(0, value);
  }
  if (asksItems(node.selectionSet, document)) {
    problems.push(
      problem(
        "MISSING_PAGINATION_BOUNDARIES",
        `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
        path,
        node,
      ),
    );
  }
  return 0;
}

function asksItems(selections: SelectionSetNode | undefined, document: DocumentNode): boolean {
  return (
    selections?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD)
        return selection.name.value === "nodes" || selection.name.value === "edges";
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
      return asksItems(inner?.selectionSet, document);
    }) ?? false
  );
}

function fragmentOf(document: DocumentNode, name: string) {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  return undefined;
}

function isSkipped(
  node: Parameters<typeof getDirectiveValues>[1],
  variables: Record<string, unknown>,
): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if === false
  );
}

function rootType(operation: OperationDefinitionNode): string {
  return operation.operation === "mutation" ? "Mutation" : "Query";
}

function problem(type: string, message: string, path: readonly string[], node: FieldNode): GraphQLProblem {
  const start = node.loc?.startToken;
  return {
    type,
    message,
    path,
    ...(start ? { locations: [{ line: start.line, column: start.column }] } : {}),
  };
}
