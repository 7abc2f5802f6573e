import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeClock, seededRandom } from "@cmo/engine/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { openApiDocument } from "../../src/document/openapi-document.ts";
import { openApiPlace } from "../support/api-place.ts";
import { smallConsole } from "../support/small-console.ts";
import { type Exchange, shownJson, shownLines, writeUp } from "./write-up.ts";

/** Every answer is of this instant, so that the document changes only when the API does. */
const now = Date.parse("2030-01-31T12:00:00.000Z");

const yaml = `name: try-it
params:
  language: Python
  stars_range: 100..2000
  target_leads: 3
source: { type: simulator, seed: 7, repositories: 120 }
`;

describe("docs/api.md", () => {
  it("shows each route with a real answer", async () => {
    const place = await openApiPlace({
      location: "memory",
      console: await smallConsole(),
      // Time stands still: what is written together depends on no pause between two events.
      host: { clock: createFakeClock({ now }), random: seededRandom(1) },
    });
    onTestFinished(() => place.close());
    const configDirectory = join(place.folder, "config");
    await mkdir(configDirectory);
    await writeFile(join(configDirectory, "try-it.yaml"), yaml);
    const document = await openApiDocument(place.app, "0.0.0");
    const exchanges: Exchange[] = [];

    /** Asks as a person would, and keeps it. Gives the answer's text. */
    async function ask(
      line: string,
      { headers = {}, body = null, send = body, cutAt = 12, isLong = false }: AskOptions = {},
    ): Promise<string> {
      const [method = "", path = ""] = line.split(" ");
      const response = await place.app.request(`http://127.0.0.1:2660${path}`, {
        method,
        headers: { host: "127.0.0.1:2660", ...headers },
        ...(send === null ? {} : { body: send }),
      });
      const text =
        method === "GET" && path.startsWith("/api/events")
          ? await beginning(response)
          : await response.text();
      const type = response.headers.get("content-type") ?? "";
      exchanges.push({
        method,
        path,
        route: routeOf(Object.keys(document.paths ?? {}), path),
        headers,
        body,
        status: response.status,
        answerHeaders: Object.fromEntries(
          ["content-type", "content-disposition", "location", "allow"].flatMap((name) => {
            const value = response.headers.get(name);
            return value === null ? [] : [[name, value]];
          }),
        ),
        answer:
          type === "application/zip"
            ? "(the bytes of an archive)"
            : isLong || !/json(;|$)/.test(type) || type.includes("ndjson")
              ? shownLines(text, cutAt)
              : shownJson(text),
      });
      return text;
    }

    const json = { "Content-Type": "application/json" };
    const config = JSON.stringify({
      config: {
        name: "try-it",
        params: { language: "Python", stars_range: "100..2000", target_leads: 3 },
        source: { type: "simulator", seed: 7, repositories: 120 },
      },
    });
    await ask("GET /api/config-schema", { isLong: true, cutAt: 12 });
    await ask("POST /api/validate", { headers: json, body: '{"config": {"params": {"langage": "Go"}}}' });
    await ask("POST /api/estimate", { headers: json, body: config });

    const submitted = await ask("POST /api/jobs", {
      headers: { "Content-Type": "application/yaml", "Idempotency-Key": "try-it-1" },
      body: "@try-it.yaml",
      send: yaml,
    });
    const { jobId } = JSON.parse(submitted) as { jobId: string };
    await ask("POST /api/jobs", { headers: json, body: '{"config": "params: {target_leads: many}"}' });
    const { jobId: second } = JSON.parse(await ask("POST /api/jobs", { headers: json, body: config })) as {
      jobId: string;
    };
    await ask(`POST /api/jobs/${second}/pause`);
    await ask(`POST /api/jobs/${second}/resume`);
    await ask(`POST /api/jobs/${second}/cancel`);
    await ask(`POST /api/jobs/${second}/retry`);
    await ask(`POST /api/jobs/${second}/pause`);
    await place.work(jobId);

    await ask("GET /api/jobs?status=completed,cancelled&limit=2");
    await ask(`GET /api/jobs/${jobId}`);
    await ask(`GET /api/jobs/${jobId}/events`, { cutAt: 14 });
    await ask(`GET /api/jobs/${jobId}/events?after=3&channels=stage`, {
      headers: { Accept: "application/x-ndjson" },
      cutAt: 4,
    });
    await ask(`GET /api/events?jobs=${jobId}`);
    await ask(`GET /api/jobs/${jobId}/summary`);
    const leads = await ask(`GET /api/jobs/${jobId}/leads?contactable=true&sort=-score&limit=1`);
    await ask(`GET /api/jobs/${jobId}/leads.json?limit=1`, { cutAt: 4 });
    await ask(`GET /api/jobs/${jobId}/leads.csv`, { cutAt: 2 });
    await ask(`GET /api/jobs/${jobId}/leads.ndjson?sort=-followers&limit=2`, { cutAt: 2 });
    for (const preset of ["hubspot", "salesforce", "attio"]) {
      await ask(`GET /api/jobs/${jobId}/leads.${preset}`, { cutAt: 2 });
    }
    await ask(`GET /api/jobs/${jobId}/artifacts`);
    await ask(`GET /api/jobs/${jobId}/artifacts/${jobId}_leads_hubspot.csv`, { cutAt: 2 });
    await ask(`GET /api/jobs/${jobId}/verification`);
    await ask(`GET /api/jobs/${jobId}/config`);
    await ask(`GET /api/jobs/${jobId}/bundle?kind=full`);

    const smaller = config.replace('"target_leads":3', '"target_leads":2');
    const { jobId: other } = await place.parts.service("local").submit(JSON.parse(smaller));
    await place.work(other);
    await ask(`GET /api/jobs/${jobId}/diff/${other}?limit=1`);
    const fork = { headers: json, body: '{"set": ["scoring.weights.fit.stars=20", "scoring.version=2"]}' };
    const { id: forked } = JSON.parse(await ask(`POST /api/jobs/${jobId}/fork`, fork)) as { id: string };
    await ask(`POST /api/jobs/${jobId}/fork`, { headers: json, body: '{"set": ["language=Go"]}' });
    await place.work(forked);

    const people = '{"entries": ["example-login", "@example.org"]}';
    await ask("POST /api/suppressions", { headers: json, body: people });
    await ask("POST /api/suppressions/check", { headers: json, body: people });
    await ask("GET /api/suppressions?limit=1");
    await ask("DELETE /api/suppressions", { headers: json, body: people });
    const { login } = (JSON.parse(leads) as { leads: { login: string }[] }).leads[0] ?? { login: "" };
    await ask(`GET /api/people/${login}`);
    await ask(`DELETE /api/people/${login}`);
    await ask(`DELETE /api/jobs?before=2029-01-01T00:00:00Z&dryRun=true`);
    await ask(`DELETE /api/jobs/${second}`);
    await ask("GET /healthz");
    await ask("GET /readyz");
    await ask("GET /metrics", { cutAt: 8 });
    await ask("GET /openapi.json", { isLong: true, cutAt: 3 });
    await ask("GET /docs", { cutAt: 3 });
    await ask("GET /");
    await ask("GET /assets/index-5e6f7a8b.css");

    const shown = new Set(exchanges.map(({ method, route }) => `${method} ${route}`));
    const routes = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.filter((route) => !shown.has(route))).toEqual([]);
    await expect(writeUp(document, exchanges)).toMatchFileSnapshot("../../../../docs/api.md");
  });
});

/** What goes with a request, and how much of the answer is shown. */
interface AskOptions extends Partial<Pick<Exchange, "headers" | "body">> {
  /** What is sent, where the command line names a file. */
  readonly send?: string | null;
  readonly cutAt?: number;
  /** Shown by its first lines, also when it is JSON. */
  readonly isLong?: boolean;
}

/** The first snapshot of a stream that has no end. */
async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader !== undefined && !text.includes("data:")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

/** The route of the document that a path belongs to: one without parameters before one with. */
function routeOf(routes: readonly string[], path: string): string {
  const [plain = ""] = path.split("?");
  const matching = routes.filter((route) =>
    new RegExp(`^${route.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(plain),
  );
  return matching.sort((one, other) => one.split("{").length - other.split("{").length)[0] ?? "";
}
