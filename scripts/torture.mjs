// The tests that kill, freeze and crowd real processes, and random campaigns that are bundled and replayed, for long: some
// minutes where `pnpm test` takes seconds each.
// Usage: pnpm torture [SEED]   the seed that a failure has told, to see it again
import { spawnSync } from "node:child_process";

const [seed] = process.argv.slice(2);
const files = [
  ...["kill", "freeze", "crowd", "watch"].map((name) => `apps/cli/test/${name}.test.ts`),
  ...["fleet", "network-cut", "clock-skew", "healthy-peers", "quota-fleet"].map(
    (name) => `packages/parity/test/${name}.test.ts`,
  ),
  "packages/runtime/test/bundle/random.test.ts",
];
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    "@cmo/cli",
    "--project",
    "@cmo/parity",
    "--project",
    "@cmo/runtime",
    ...files,
  ],
  {
    cwd: new URL("..", import.meta.url),
    env: { ...process.env, CMO_TORTURE: "1", ...(seed === undefined ? {} : { CMO_TORTURE_SEED: seed }) },
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
