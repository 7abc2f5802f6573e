import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { engineVersion } from "./engine-version.ts";

it("the engine's version is the package's", () => {
  expect(engineVersion).toBe(manifest.version);
});
