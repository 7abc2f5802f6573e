// Makes a folder that runs `cmo` by itself: the command with the server in it, and what they need of node_modules. It is
// what the image holds (deploy/Dockerfile) and what a unit of systemd starts (docs/deploy.md).
//
//   node scripts/deploy.mjs FOLDER             installs, builds, and makes the folder, which must not be there yet
//   node scripts/deploy.mjs FOLDER --built     of what is built already
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [named, ...flags] = process.argv.slice(2);
if (named === undefined || named.startsWith("-") || flags.some((flag) => flag !== "--built")) {
  console.error("Usage: node scripts/deploy.mjs FOLDER [--built]");
  process.exit(2);
}
const folder = resolve(named);
if (existsSync(folder)) {
  console.error(`${folder} is there already. Name a folder that is not, or remove it.`);
  process.exit(2);
}
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

if (!flags.includes("--built")) {
  pnpm("install", "--frozen-lockfile");
  // Builds the command and the server, by its way of building before it runs.
  pnpm("cli", "--version");
}
pnpm(
  // The lockfile decides, as everywhere: `--legacy` would ask the registry anew. Said here alone, since in
  // pnpm-workspace.yaml it would copy packages into each other in every checkout, where sources are to be linked.
  "--config.inject-workspace-packages=true",
  // Nothing is shared with pnpm's store: the folder's owner may change rights in it.
  "--config.package-import-method=copy",
  "--filter=@cmo/cli",
  "deploy",
  "--prod",
  "--prefer-offline",
  folder,
);
// Where the command looks for the server first (apps/cli/src/serve/load-server.ts).
cpSync(join(root, "apps/api/dist"), join(folder, "dist/api"), { recursive: true });

// What pnpm notes for a next time that does not come, with paths of this machine.
for (const note of [
  "pnpm-lock.yaml",
  "node_modules/.modules.yaml",
  "node_modules/.pnpm/lock.yaml",
  "node_modules/.pnpm-workspace-state-v1.json",
]) {
  rmSync(join(folder, note), { force: true });
}
const manifest = join(folder, "package.json");
const { name, version, license, type, engines, bin, dependencies } = JSON.parse(
  readFileSync(manifest, "utf8"),
);
writeFileSync(
  manifest,
  `${JSON.stringify({ name, version, private: true, license, type, engines, bin, dependencies }, null, 2)}\n`,
);

function pnpm(...args) {
  const { status, error } = spawnSync("npx", ["--yes", packageManager, ...args], {
    cwd: root,
    // There is nobody to answer a question.
    env: { ...process.env, CI: "true" },
    // Its own lines are no answer of this script.
    stdio: ["ignore", 2, 2],
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
