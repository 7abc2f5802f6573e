import { defineConfig } from "vitest/config";

// Every project resolves @cmo/* to its TypeScript source, so that no build is needed to test behaviour.
const conditions = ["@cmo/source", "module", "node", "development|production"];

/** The Vitest project of one workspace package: tests beside the source, type tests in `*.test-d.ts`. */
export function packageProject(name: string) {
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      isolate: false,
      // Only what hangs takes so long; machines that do other things too are slow.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      // A second is nothing on such a machine.
      expect: { poll: { timeout: 60_000 } },
      typecheck: { enabled: true, include: ["src/**/*.test-d.ts"], tsconfig: "./tsconfig.test.json" },
    },
  });
}
