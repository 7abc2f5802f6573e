// How much of a browser's bundle the engine is: minified, gzip. Usage: node packages/engine/bench/size.mjs [--parts]
//
// The bundle is split, as an application's is. What counts is what the page loads at once: the chunk of its entry and
// every chunk that this one imports by a statement, each compressed by itself. What is loaded by `import()` when it is
// wanted does not count, and its size is said beside: how a store in memory searches, lists and erases.
import { createRequire } from "node:module";
import { basename } from "node:path";
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

/** @returns {Promise<{ name: string; value: number; unit: "bytes"; limit: number | null; ok: boolean; onDemand: number; parts: Record<string, number> }[]>} */
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
    stdin: {
      contents: `export ${what} from "./src/index.ts";`,
      resolveDir: PACKAGE,
      loader: "ts",
      sourcefile: "page.ts",
    },
    absWorkingDir: PACKAGE,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    outdir: PACKAGE,
    write: false,
    metafile: true,
  });
  const chunks = chunksOf(result);
  const page = [...chunks.values()].filter((chunk) => chunk.isPage);
  if (page.length !== 1) throw new Error("The bundle has no entry.");
  const atOnce = reached(chunks, page, ["import-statement"]);
  const everything = reached(chunks, page, ["import-statement", "dynamic-import"]);
  const value = sizeOf(atOnce);
  return {
    name,
    value,
    unit: "bytes",
    limit,
    ok: limit === null || value <= limit,
    onDemand: sizeOf(everything) - value,
    parts: partsOf(atOnce),
  };
}

/** What the bundler made, by path. Each chunk is a file that a page loads, compressed by itself. */
function chunksOf({ metafile, outputFiles }) {
  const contents = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  return new Map(
    Object.entries(metafile.outputs).map(([path, { entryPoint, imports, inputs }]) => {
      const size = gzipSync(contents.get(basename(path)), { level: 9 }).length;
      return [path, { isPage: entryPoint === "page.ts", imports, inputs, size }];
    }),
  );
}

/** These chunks, and all that they import in these ways, directly or not. */
function reached(chunks, from, kinds) {
  const found = new Set(from);
  for (const chunk of found) {
    for (const { kind, path } of chunk.imports) if (kinds.includes(kind)) found.add(chunks.get(path));
  }
  return [...found];
}

function sizeOf(chunks) {
  return chunks.reduce((sum, chunk) => sum + chunk.size, 0);
}

/** Minified bytes by folder of the engine and by package. */
function partsOf(chunks) {
  const parts = {};
  for (const [path, { bytesInOutput }] of chunks.flatMap((chunk) => Object.entries(chunk.inputs))) {
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
  for (const { name, value, limit, ok, onDemand, parts } of await run()) {
    const verdict = limit === null ? "    " : ok ? "ok  " : "OVER";
    process.stdout.write(`${verdict} ${value} ${limit === null ? "bytes" : `of ${limit} bytes`}  ${name}\n`);
    if (onDemand > 0) process.stdout.write(`     ${onDemand} bytes more are loaded on demand\n`);
    if (process.argv.includes("--parts")) process.stdout.write(`     ${JSON.stringify(parts)}\n`);
  }
}
