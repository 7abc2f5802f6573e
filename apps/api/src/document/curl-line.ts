import type { OpenAPIV3_1 } from "openapi-types";

/** What a curl line is for. */
export interface CurlOptions {
  readonly method: string;
  /** As the document has it: `/api/jobs/{id}`. */
  readonly path: string;
  readonly operation: OpenAPIV3_1.OperationObject;
  /** Whether it is to send a key. */
  readonly withKey: boolean;
}

/** A line for a shell that asks for a route, with its example as the body. */
export function curlLine({ method, path, operation, withKey }: CurlOptions): string {
  const address = path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => pathExamples[name] ?? name.toUpperCase(),
  );
  const query = "x-try-query" in operation ? String(operation["x-try-query"]) : "";
  const isOpen = operation.security?.length === 0;
  return [
    "curl",
    isStream(operation) ? "--no-buffer" : "",
    isFile(operation) ? "--remote-header-name --remote-name" : "",
    method === "GET" ? "" : `--request ${method}`,
    isOpen || !withKey ? "" : `--header "Authorization: Bearer $CMO_API_KEY"`,
    ...bodyOf(operation),
    `"$CMO_API_URL${address}${query}"`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

const pathExamples: Readonly<Record<string, string>> = {
  id: "$JOB",
  name: `$\{JOB}_leads.csv`,
  login: "octocat",
};

function bodyOf({ requestBody }: OpenAPIV3_1.OperationObject): string[] {
  if (requestBody === undefined || !("content" in requestBody)) return [];
  const json = requestBody.content["application/json"];
  const text = JSON.stringify(json?.example ?? {}).replaceAll("'", "'\\''");
  return [`--header "Content-Type: application/json"`, `--data '${text}'`];
}

function isStream(operation: OpenAPIV3_1.OperationObject): boolean {
  return mediaOf(operation).includes("text/event-stream");
}

function isFile({ responses = {} }: OpenAPIV3_1.OperationObject): boolean {
  const answer = responses["200"];
  return answer !== undefined && "headers" in answer && answer.headers?.["Content-Disposition"] !== undefined;
}

function mediaOf({ responses = {} }: OpenAPIV3_1.OperationObject): string[] {
  const answer = responses["200"];
  return answer !== undefined && "content" in answer ? Object.keys(answer.content ?? {}) : [];
}
