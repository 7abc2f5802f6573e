import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "tsup";

// The console, which is built before: turbo knows it by the dependency.
const web = dirname(fileURLToPath(import.meta.resolve("@cmo/web/package.json")));

// Not minified: an uncaught error prints the line it came from. Split, so that a command loads only what it needs.
export default defineConfig({
  entry: { server: "src/server.ts", index: "src/index.ts" },
  format: "esm",
  target: "node20",
  dts: false,
  clean: true,
  sourcemap: false,
  splitting: true,
  // A built server has the console beside it.
  onSuccess: () => cp(join(web, "dist"), "dist/console", { recursive: true }),
  // All but the database driver, which loads a library of its own.
  noExternal: [/^(?!libsql$)/],
  // Some dependencies are CommonJS and call `require`.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  esbuildOptions(options) {
    options.conditions = ["@cmo/source", "module"];
    options.legalComments = "none";
  },
});
