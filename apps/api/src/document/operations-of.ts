import type { OpenAPIV3_1 } from "openapi-types";

/** An operation of a document, with where it is. */
export interface DocumentOperation {
  /** In capitals. */
  readonly method: string;
  /** As the document has it: `/api/jobs/{id}`. */
  readonly path: string;
  readonly operation: OpenAPIV3_1.OperationObject;
}

/** Every operation of a document, in its order. */
export function operationsOf({ paths = {} }: Pick<OpenAPIV3_1.Document, "paths">): DocumentOperation[] {
  return Object.entries(paths).flatMap(([path, item = {}]) =>
    Object.keys(item)
      .filter(isMethod)
      .flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
      }),
  );
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

function isMethod(key: string): key is (typeof methods)[number] {
  return methods.some((method) => method === key);
}
