// How much of a browser's bundle the client is: minified, gzip, built from sources as a page of this repository is.
// Usage: node packages/client/bench/size.mjs
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const LIMIT = 15 * 1024;

/** @returns {Promise<{ name: string; value: number; limit: number; detail: string }[]>} */
export async function run() {
  return [
    await measure("client for a browser, gzip bytes", `export { createClient } from "./src/index.ts";`),
    await measure(
      "client that looks at the data of events too, gzip bytes",
      `export { createClient } from "./src/index.ts"; export { parseJobEvent } from "@cmo/engine";`,
    ),
  ];
}

async function measure(name, contents) {
  const { build } = esbuildOfTsup();
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: PACKAGE, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    conditions: ["@cmo/source"],
    target: "es2022",
    write: false,
  });
  const [{ contents: bytes }] = outputFiles;
  const value = gzipSync(bytes, { level: 9 }).length;
  return { name, value, limit: LIMIT, detail: `${bytes.length} bytes minified` };
}

/** The bundler that the build uses, so that nothing has to be installed for the measurement. */
function esbuildOfTsup() {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve("tsup"))("esbuild");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.table(await run());
