import { type Context, Hono } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { RequestRefused } from "../request/request-refused.ts";
import { consoleHeaders, securityHeaders } from "../security/security-headers.ts";
import type { ConsoleFile } from "./console-files.ts";

/** The console: a page for everybody, who still needs a key for what it asks the API. */
export function consoleRoutes({ console: files }: Pick<ApiParts, "console">): Hono<ApiEnv> {
  const toDocuments = { ...securityHeaders, Location: "./docs" };
  return new Hono<ApiEnv>()
    .get("/", describePage, (context) =>
      files === null
        ? new Response(null, { status: 302, headers: toDocuments })
        : // Which assets it names changes with the next version.
          answerFile(context, files.page, { ...consoleHeaders, "Cache-Control": "no-cache" }),
    )
    .get("/assets/:name", describeAsset, (context) => {
      const file = files?.assets.get(context.req.param("name"));
      if (file === undefined) {
        throw new RequestRefused("not_found", "There is no such file of the console.", {
          hint: "Reload the page: a newer version of the console may be there.",
        });
      }
      return answerFile(context, file, {
        ...securityHeaders,
        // What a name stands for never changes.
        "Cache-Control": "public, max-age=31536000, immutable",
      });
    });
}

function answerFile(
  context: Context<ApiEnv>,
  { mediaType, bytes, gzipped, tag }: ConsoleFile,
  more: Readonly<Record<string, string>>,
): Response {
  const headers = { ...more, ETag: tag, Vary: "Accept-Encoding" };
  if (context.req.header("If-None-Match") === tag) return new Response(null, { status: 304, headers });
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|$))/i.test(context.req.header("Accept-Encoding") ?? "");
  return new Response(new Uint8Array(takesGzip ? gzipped : bytes), {
    headers: { ...headers, "Content-Type": mediaType, ...(takesGzip ? { "Content-Encoding": "gzip" } : {}) },
  });
}

const describePage = describe({
  id: "readConsole",
  tag: "operation",
  summary: "The console, for browsers",
  description: "Where the server was built without it, the way to the documentation.",
  answers: {
    200: { description: "A page.", media: { "text/html": "It fetches from this server only." } },
    302: { description: "To the documentation.", headers: { Location: "Its address." } },
    304: { description: "It is still what `If-None-Match` names." },
  },
  refusals: [],
  isOpen: true,
});

const describeAsset = describe({
  id: "readConsoleAsset",
  tag: "operation",
  summary: "A file of the console",
  path: { name: "Its name, which holds a digest of what is in it." },
  answers: {
    200: {
      description: "The file; it never changes.",
      media: { "text/javascript": "A script.", "text/css": "A style sheet.", "image/svg+xml": "An image." },
    },
    304: { description: "It is still what `If-None-Match` names." },
  },
  refusals: [404],
  isOpen: true,
});
