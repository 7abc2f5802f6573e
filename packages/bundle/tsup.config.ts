import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", format: "src/format.ts" },
  format: "esm",
  target: "node20",
  dts: { compilerOptions: { ignoreDeprecations: "5.0" } },
  clean: true,
  sourcemap: false,
  splitting: false,
});
