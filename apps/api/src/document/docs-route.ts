import { html } from "hono/html";
import type { OpenAPIV3_1 } from "openapi-types";
import { curlLine } from "./curl-line.ts";
import { type Markup, typeMarkup } from "./docs-type.ts";
import type { DocumentOperation } from "./operations-of.ts";

/** What a route takes and answers, as a section of the page. */
export function routeMarkup(
  { method, path, operation }: DocumentOperation,
  components: OpenAPIV3_1.ComponentsObject,
  withKey: boolean,
): Markup {
  const { summary = "", description = "", parameters = [], requestBody, responses = {} } = operation;
  const named = parameters.filter((parameter) => "name" in parameter);
  const answers = Object.entries(responses);
  return html`<section id="${operation.operationId ?? ""}">
<h3>${summary}</h3>
<p class="route"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></p>
${prose(description)}
<pre class="curl"><code>${curlLine({ method, path, operation, withKey })}</code></pre>
${named.length === 0 ? "" : parametersMarkup(named)}
${requestBody !== undefined && "content" in requestBody ? bodyMarkup(requestBody) : ""}
<h4>Answers</h4>
${answers.filter(([status]) => Number(status) < 400).map(([status, answer]) => answerMarkup(status, answer))}
${refusalsMarkup(
  answers.filter(([status]) => Number(status) >= 400),
  components,
)}
</section>
`;
}

/** Text with its `code` marked as such. */
export function prose(text: string): Markup {
  if (text === "") return html``;
  return html`<p>${inline(text)}</p>
`;
}

/** As {@link prose}, within a line. */
function inline(text: string): Markup[] {
  return text.split("`").map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}

function parametersMarkup(parameters: readonly OpenAPIV3_1.ParameterObject[]): Markup {
  return html`<h4>Parameters</h4>
<table><tbody>
${parameters.map(
  ({ name, in: place, description = "", schema, required }) => html`<tr>
<th scope="row"><code>${name}</code><small>${place}${required === true ? "" : ", optional"}</small></th>
<td>${inline(description)} <code class="type">${schema === undefined ? "" : typeMarkup(schema)}</code></td>
</tr>
`,
)}</tbody></table>
`;
}

function bodyMarkup({ content }: OpenAPIV3_1.RequestBodyObject): Markup {
  return html`<h4>Body</h4>
${Object.entries(content).map(
  ([media, { schema, example }]) => html`<details open><summary><code>${media}</code></summary>
<pre><code>${typeof example === "string" ? example : JSON.stringify(example, null, 2)}</code></pre>
${schema === undefined || media.includes("yaml") ? "" : html`<details><summary>All that it may hold</summary><pre class="type"><code>${typeMarkup(schema)}</code></pre></details>`}
</details>
`,
)}`;
}

function answerMarkup(
  status: string,
  answer: OpenAPIV3_1.ResponseObject | OpenAPIV3_1.ReferenceObject,
): Markup {
  if ("$ref" in answer) return html``;
  const { description, headers = {}, content = {} } = answer;
  return html`<p><span class="status">${status}</span> ${inline(description)}</p>
${Object.entries(headers).map(
  ([
    name,
    header,
  ]) => html`<p class="header"><code>${name}</code> ${"description" in header ? header.description : ""}</p>
`,
)}${Object.entries(content).map(
  ([
    media,
    { schema },
  ]) => html`<p class="header"><code>${media}</code> ${isJson(media) || schema === undefined || "$ref" in schema ? "" : (schema.description ?? "")}</p>
${isJson(media) && schema !== undefined ? html`<pre class="type"><code>${typeMarkup(schema)}</code></pre>` : ""}
`,
)}`;
}

function isJson(media: string): boolean {
  return media === "application/json";
}

function refusalsMarkup(
  answers: readonly (readonly [string, OpenAPIV3_1.ResponseObject | OpenAPIV3_1.ReferenceObject])[],
  components: OpenAPIV3_1.ComponentsObject,
): Markup {
  return html`<details><summary>Refusals: ${answers.map(([status]) => status).join(", ")}</summary>
<table><tbody>
${answers.map(
  ([
    status,
    answer,
  ]) => html`<tr><th scope="row"><span class="status">${status}</span></th><td>${inline(describedBy(answer, components))}</td></tr>
`,
)}</tbody></table></details>
`;
}

function describedBy(
  answer: OpenAPIV3_1.ResponseObject | OpenAPIV3_1.ReferenceObject,
  { responses = {} }: OpenAPIV3_1.ComponentsObject,
): string {
  if (!("$ref" in answer)) return answer.description;
  const named = responses[answer.$ref.slice(answer.$ref.lastIndexOf("/") + 1)];
  return named !== undefined && "description" in named && named.description !== undefined
    ? named.description
    : "";
}
