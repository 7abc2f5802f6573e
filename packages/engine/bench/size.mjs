// How much of a browser's bundle the engine is: minified, gzip. Usage: node packages/engine/bench/size.mjs [--parts]
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const LIMIT = 15 * 1024;

/** What a page imports that runs campaigns with an agent of its own, and draws their events and summaries itself. */
const ENGINE = [
  "createUnifiedEngine",
  "createClock",
  "createMemoryStore",
  "initialProgress",
  "normalizeUpdate",
  "reduceProgress",
  "foldProgress",
  "buildSummary",
  "multiplex",
  "jsonLinesSink",
  "memorySink",
  "filterChannels",
];

/** What a page imports that shows the jobs of a server: it reads events, and folds them. */
const READER = [
  "parseJobEvent",
  "initialProgress",
  "foldProgress",
  "foldSummary",
  "summaryOf",
  "renderSummary",
];

/** What a page imports that only folds events that its client has read. */
const FOLDS = READER.slice(1);

/** @returns {Promise<{ name: string; value: number; unit: "bytes"; limit: number | null; ok: boolean; parts: Record<string, number> }[]>} */
export async function run() {
  return Promise.all([
    measure("engine for a browser, gzip", ENGINE, LIMIT),
    measure("events read and folded in a browser, gzip", READER, LIMIT),
    measure("folds alone, gzip", FOLDS, LIMIT),
    measure("everything the engine exports, gzip", null, null),
  ]);
}

async function measure(name, imports, limit) {
  const { build } = esbuildOfTsup();
  const what = imports === null ? "*" : `{ ${imports.join(", ")} }`;
  const result = await build({
    stdin: { contents: `export ${what} from "./src/index.ts";`, resolveDir: PACKAGE, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    write: false,
    metafile: true,
  });
  const [file] = result.outputFiles;
  const value = gzipSync(file.contents, { level: 9 }).length;
  const [output] = Object.values(result.metafile.outputs);
  return {
    name,
    value,
    unit: "bytes",
    limit,
    ok: limit === null || value <= limit,
    parts: partsOf(output.inputs),
  };
}

/** Minified bytes by folder of the engine and by package. */
function partsOf(inputs) {
  const parts = {};
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const part = /.*node_modules\/([^/]+)/.exec(path)?.[1] ?? /src\/([^/]+)/.exec(path)?.[1] ?? path;
    if (bytesInOutput > 0) parts[part] = (parts[part] ?? 0) + bytesInOutput;
  }
  return Object.fromEntries(Object.entries(parts).sort((a, b) => b[1] - a[1]));
}

/** The bundler that the build uses, so that nothing has to be installed for the measurement. */
function esbuildOfTsup() {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve("tsup"))("esbuild");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { name, value, limit, ok, parts } of await run()) {
    const verdict = limit === null ? "    " : ok ? "ok  " : "OVER";
    process.stdout.write(`${verdict} ${value} ${limit === null ? "bytes" : `of ${limit} bytes`}  ${name}\n`);
    if (process.argv.includes("--parts")) process.stdout.write(`     ${JSON.stringify(parts)}\n`);
  }
}
