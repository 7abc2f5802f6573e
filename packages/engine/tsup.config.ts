import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", testing: "src/testing/index.ts" },
  format: "esm",
  target: "node20",
  external: ["vitest"],
  dts: { compilerOptions: { ignoreDeprecations: "5.0" } },
  clean: true,
  sourcemap: false,
  splitting: true,
});
