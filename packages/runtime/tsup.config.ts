import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts" },
  format: "esm",
  target: "node20",
  dts: { compilerOptions: { ignoreDeprecations: "5.0" } },
  clean: true,
  sourcemap: false,
  // What is imported lazily must stay in a file of its own, or its own imports come with the first one.
  splitting: true,
});
