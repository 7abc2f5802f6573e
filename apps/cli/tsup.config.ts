import { defineConfig } from "tsup";

// Not minified: an uncaught error prints the line it came from. Split, so that a command loads only what it needs.
export default defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  target: "node20",
  dts: false,
  clean: true,
  sourcemap: false,
  splitting: true,
  // All but the database driver, which loads a library of its own.
  noExternal: [/^(?!libsql$)/],
  // commander and others are CommonJS and call `require`.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  esbuildOptions(options) {
    options.conditions = ["@cmo/source", "module"];
    options.legalComments = "none";
  },
});
