import { mkdtemp, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

/** A program of a test, made from its sources, that Node runs in a process of its own. */
export interface BuiltProgram {
  readonly path: string;
  remove(): Promise<void>;
}

/** Builds a program with everything that it imports. */
export async function buildProgram(source: URL): Promise<BuiltProgram> {
  const name = basename(source.pathname, ".ts");
  // Where the program finds the driver, which cannot be bundled.
  const modules = fileURLToPath(
    new URL("../../node_modules/@cmo/store-sqlite/node_modules", import.meta.url),
  );
  const folder = await mkdtemp(join(modules, `.${name}-`));
  await build({
    config: false,
    silent: true,
    entry: { [name]: fileURLToPath(source) },
    outDir: folder,
    outExtension: () => ({ js: ".mjs" }),
    format: "esm",
    target: "node20",
    clean: false,
    splitting: false,
    noExternal: [/^(?!libsql$)/],
    external: ["libsql"],
    // Some of what is bundled is not written as modules are.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    esbuildOptions: (options) => {
      options.conditions = ["@cmo/source"];
    },
  });
  return {
    path: join(folder, `${name}.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
