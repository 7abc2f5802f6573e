import { html, raw } from "hono/html";
import type { OpenAPIV3_1 } from "openapi-types";
import { prose, routeMarkup } from "./docs-route.ts";
import { docsStyle } from "./docs-style.ts";
import { type Markup, schemaAnchor, typeMarkup } from "./docs-type.ts";
import { type DocumentOperation, operationsOf } from "./operations-of.ts";

/** A document as a page for people. It needs nothing from elsewhere and no script; its style is named by its digest. */
export async function docsPage(document: OpenAPIV3_1.Document, withKey: boolean): Promise<string> {
  const { info, tags = [], components = {} } = document;
  const operations = operationsOf(document);
  const groups = tags.map((tag) => ({
    ...tag,
    routes: operations.filter(({ operation }) => operation.tags?.includes(tag.name) === true),
  }));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cmo API</title>
<style>${raw(docsStyle)}</style>
</head>
<body>
<div class="page">
<nav aria-label="Routes">
<strong>cmo API</strong>
${groups.map(navMarkup)}
<h2>Schemas</h2>
<ul>
${Object.keys(components.schemas ?? {}).map(
  (name) => html`<li><a href="#${schemaAnchor(name)}">${name}</a></li>
`,
)}</ul>
</nav>
<main>
<h1>${info.title} API <small>${info.version}</small></h1>
${(info.description ?? "").split("\n\n").map(prose)}
<p>The same as a document for machines: <a href="/openapi.json">/openapi.json</a>. The lines below work in a shell after:</p>
<pre class="curl"><code>export CMO_API_URL=http://127.0.0.1:2660${withKey ? "\nexport CMO_API_KEY=cmo_…" : ""}
export JOB=job_…</code></pre>
${groups.map(
  ({ name, description = "", routes }) => html`<h2 id="tag-${name}">${name}</h2>
${prose(description)}${routes.map((route) => routeMarkup(route, components, withKey))}`,
)}
<h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas ?? {}).map(
  ([name, schema]) => html`<section id="${schemaAnchor(name)}"><h3>${name}</h3>
<pre class="type"><code>${typeMarkup(schema)}</code></pre></section>
`,
)}
</main>
</div>
</body>
</html>
`;
  return String(await page);
}

function navMarkup({ name, routes }: { name: string; routes: readonly DocumentOperation[] }): Markup {
  return html`<h2><a href="#tag-${name}">${name}</a></h2>
<ul class="routes">
${routes.map(
  ({
    method,
    operation,
  }) => html`<li><a href="#${operation.operationId ?? ""}"><span class="method ${method.toLowerCase()}">${method}</span>${operation.summary ?? ""}</a></li>
`,
)}</ul>
`;
}
