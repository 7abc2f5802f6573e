import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** The slice of the bundler that tests need. */
interface Bundler {
  build(options: Record<string, unknown>): Promise<{
    outputFiles: { text: string; contents: Uint8Array }[];
    metafile: { inputs: Record<string, { imports: { path: string; external?: boolean }[] }> };
  }>;
}

/** Bundles an entry of this package, from source, for no platform at all. */
export async function bundleNeutral(entry: string, options: Record<string, unknown> = {}) {
  const require = createRequire(import.meta.url);
  const { build } = createRequire(require.resolve("tsup"))("esbuild") as Bundler;
  const { outputFiles, metafile } = await build({
    entryPoints: [`${packageFolder}/${entry}`],
    bundle: true,
    platform: "neutral",
    mainFields: ["module", "main"],
    format: "iife",
    globalName: "cmo",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
    ...options,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("Nothing was bundled.");
  return { text: file.text, contents: file.contents, inputs: metafile.inputs };
}
