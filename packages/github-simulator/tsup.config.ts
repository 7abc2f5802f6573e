import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", main: "src/main.ts" },
  format: "esm",
  target: "node20",
  dts: { entry: { index: "src/index.ts" }, compilerOptions: { ignoreDeprecations: "5.0" } },
  clean: true,
  sourcemap: false,
  splitting: false,
});
