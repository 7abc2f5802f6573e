import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildSummary } from "@cmo/engine";
import { expect, it, onTestFinished } from "vitest";
import { submission } from "./support/answers.ts";
import { beginStream, json, startFakeApi } from "./support/fake-api.ts";
import { jobId, linesOf, logOf } from "./support/log.ts";

/** The slice of the bundler that this test needs. */
interface Bundler {
  build(options: Record<string, unknown>): Promise<{ outputFiles: { text: string }[] }>;
}

it("the example of the README runs as it stands, with the address and the key of the environment", async () => {
  const log = logOf(4);
  const api = await startFakeApi((response, { path }) => {
    if (path.endsWith("/summary")) return json(response, buildSummary(log, []));
    if (path.endsWith(".csv"))
      return void response.writeHead(200, { "content-type": "text/csv" }).end("a,b\r\n");
    if (!path.includes("/events")) return json(response, submission, 201);
    beginStream(response);
    response.write(linesOf(log));
  });
  onTestFinished(() => api.close());
  const folder = await mkdtemp(join(tmpdir(), "cmo-client-readme-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, "example.mjs");
  await writeFile(program, await bundled((await examples())[0] ?? ""));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], {
    env: { ...process.env, CMO_API_URL: api.baseUrl, CMO_API_KEY: "cmo_k1_secret" },
  });
  const events = log.map(({ seq, type }) => `${seq} ${type}\n`).join("");
  expect([stdout, stderr]).toEqual([`${events}true null\na,b\r\n`, ""]);
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /api/jobs",
    `GET /api/jobs/${jobId}/events?after=0`,
    `GET /api/jobs/${jobId}/summary`,
    `GET /api/jobs/${jobId}/leads.csv`,
  ]);
  expect(api.requests.every(({ headers }) => headers.authorization === "Bearer cmo_k1_secret")).toBe(true);
});

it("the example for pages needs nothing of Node", async () => {
  const code = await bundled((await examples())[1] ?? "", "browser");
  expect(code).not.toContain("node:");
  expect(code).not.toContain("process.");
});

async function examples(): Promise<string[]> {
  const text = await readFile(new URL("../README.md", import.meta.url), "utf8");
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? "");
}

async function bundled(contents: string, platform: "node" | "browser" = "node"): Promise<string> {
  const require = createRequire(import.meta.url);
  const { build } = createRequire(require.resolve("tsup"))("esbuild") as Bundler;
  const { outputFiles } = await build({
    stdin: { contents, loader: "ts", resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    alias: { "@cmo/client": fileURLToPath(new URL("../src/index.ts", import.meta.url)) },
    conditions: ["@cmo/source"],
    bundle: true,
    format: "esm",
    platform,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
