import type { OpenApiDocument } from "../../src/document/openapi-document.ts";
import { operationsOf } from "../../src/document/operations-of.ts";

/** One request as a person would make it, with what came back. */
export interface Exchange {
  readonly method: string;
  /** The address that was asked, from the host on. */
  readonly path: string;
  /** The route that it belongs to, as the OpenAPI document writes it: `/api/jobs/{id}`. */
  readonly route: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the request as it goes on a command line: text, or a file's name with `@`. */
  readonly body: string | null;
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answer: string;
}

/** Routes and real answers as Markdown, by tag, in the order of the document. */
export function writeUp(document: OpenApiDocument, exchanges: readonly Exchange[]): string {
  const operations = operationsOf(document).map((one) => ({ ...one, route: one.path }));
  const sections = (document.tags ?? []).map(({ name, description }) => {
    const rows = operations.filter(({ operation }) => operation.tags?.includes(name));
    return [`## ${title(name)}`, description, ...rows.map((row) => routeText(row, exchanges))].join("\n\n");
  });
  return `${intro}\n\n${sections.join("\n\n")}\n`;
}

const intro = `# The API, route by route

Made by a test from the routes themselves and from real answers of a server that runs a small campaign on the simulator;
\`pnpm --filter @cmo/api write:document\` makes it anew. Long lists and texts are cut, which \`…\` shows. The same as a
document for machines is at \`/openapi.json\`, and for people, from your own server, at \`/docs\`.

The examples are for a server without keys, as \`cmo serve\` starts one. With keys, add
\`-H "Authorization: Bearer $CMO_API_KEY"\` to each.`;

function title(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}

interface Row {
  readonly route: string;
  readonly method: string;
  readonly operation: {
    readonly summary?: string;
    readonly description?: string;
    readonly parameters?: readonly unknown[];
  };
}

function routeText({ route, method, operation }: Row, exchanges: readonly Exchange[]): string {
  const mine = exchanges.filter((one) => one.route === route && one.method === method);
  return [
    `### \`${method} ${route}\``,
    [operation.summary, operation.description]
      .filter((text) => text !== undefined)
      .join(". ")
      .replace(/([^.])$/, "$1."),
    parameterTable(operation.parameters ?? []),
    ...mine.map(exchangeText),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function parameterTable(parameters: readonly unknown[]): string {
  const rows = (parameters as readonly { in: string; name: string; description?: string }[]).map(
    (one) =>
      `| \`${one.name}\` | ${one.in} | ${(one.description ?? "").replaceAll("|", "\\|").replaceAll("\n", " ")} |`,
  );
  return rows.length === 0 ? "" : ["| parameter | in | |", "|---|---|---|", ...rows].join("\n");
}

function exchangeText(exchange: Exchange): string {
  const { method, path, headers, body, status, answerHeaders, answer } = exchange;
  const words = [
    "curl -sS",
    ...(method === "GET" ? [] : [`-X ${method}`]),
    ...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`),
    ...(body === null ? [] : [body.startsWith("@") ? `--data-binary ${body}` : `-d '${body}'`]),
    `'http://127.0.0.1:2660${path}'`,
  ];
  const head = [
    `HTTP/1.1 ${status}`,
    ...Object.entries(answerHeaders).map(([name, value]) => `${name}: ${value}`),
  ];
  return [
    `\`\`\`sh\n${words.join(" ")}\n\`\`\``,
    `\`\`\`http\n${head.join("\n")}${answer === "" ? "" : `\n\n${answer}`}\n\`\`\``,
  ].join("\n\n");
}

/** JSON as a person reads it, with long lists, mappings and texts cut. */
export function shownJson(text: string): string {
  return pretty(cut(JSON.parse(text), 0), "");
}

/** What fits on a line stands on one. */
function pretty(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null || indent.length + flat.length <= longestLine) {
    return flat.replaceAll(/"(?:[^"\\]|\\.)*"|([,:])/g, (all, mark) =>
      mark === undefined ? all : `${mark} `,
    );
  }
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const items = Array.isArray(value)
    ? value.map((item) => pretty(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pretty(item, inner)}`);
  return `${open}\n${items.map((item) => `${inner}${item}`).join(",\n")}\n${indent}${close}`;
}

const longestLine = 110;

const mostItems = 2;
const mostKeys = 30;
const longestText = 160;
const deepest = 6;

function cut(value: unknown, depth: number): unknown {
  if (typeof value === "string")
    return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (Array.isArray(value)) {
    if (depth >= deepest && value.length > 0) return ["…"];
    const kept = value.slice(0, mostItems).map((item) => cut(item, depth + 1));
    return value.length > mostItems ? [...kept, "…"] : kept;
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return { "…": "…" };
  const entries = Object.entries(value).map(([key, item]) => [key, cut(item, depth + 1)] as const);
  return Object.fromEntries(
    entries.length > mostKeys ? [...entries.slice(0, mostKeys), ["…", "…"]] : entries,
  );
}

/** The first lines of a text, and how much more there is. */
export function shownLines(text: string, most: number): string {
  const lines = text.split(/\r?\n/).map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line));
  return (lines.length <= most ? lines : [...lines.slice(0, most), "…"]).join("\n").trimEnd();
}
