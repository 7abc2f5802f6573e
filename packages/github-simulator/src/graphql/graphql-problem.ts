import { GraphQLError } from "graphql";

/** The `type` of an error in an answer; what clients tell errors apart by. */
export type GraphQLProblemType =
  | "ARGUMENT_LIMIT"
  | "EXCESSIVE_PAGINATION"
  | "FORBIDDEN"
  | "INSUFFICIENT_SCOPES"
  | "INVALID_CURSOR_ARGUMENTS"
  | "MAX_NODE_LIMIT_EXCEEDED"
  | "MISSING_PAGINATION_BOUNDARIES"
  | "NOT_FOUND"
  | "NOT_MODELLED"
  | "RATE_LIMITED"
  | "RESOURCE_LIMITS_EXCEEDED"
  | "UNPROCESSABLE";

/** An error as it stands in the answer. */
export interface GraphQLProblem {
  type?: string;
  message: string;
  path?: readonly (string | number)[];
  locations?: readonly { line: number; column: number }[];
  extensions?: Record<string, unknown>;
}

/** An error that a resolver throws; it ends up at the path of its field. */
export function problemError(type: GraphQLProblemType, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { [TYPE_KEY]: type } });
}

/** GitHub puts the type beside the message, where the specification has `extensions`. */
export function formatProblem(error: GraphQLError): GraphQLProblem {
  const { [TYPE_KEY]: type, ...extensions } = error.extensions;
  return {
    ...(typeof type === "string" ? { type } : {}),
    message: error.message,
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}

const TYPE_KEY = "problemType";
