// Installs the packed engine with npm into an empty ESM project outside the workspace, checks its types, and runs the
// example of its README there: what a stranger who reads the README would do.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const engine = join(root, "packages/engine");
const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
const project = mkdtempSync(join(tmpdir(), "cmo-install-"));

try {
  run("pnpm", ["pack", "--pack-destination", project], engine);
  const tarball = readdirSync(project).find((file) => file.endsWith(".tgz"));
  const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(engine, "README.md"), "utf8"))?.[1];
  if (tarball === undefined || example === undefined)
    throw new Error("no tarball, or no example in the README");

  mkdirSync(join(project, "src"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "reader", private: true, type: "module" }),
  );
  writeFileSync(join(project, "src/campaign.ts"), example);
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        module: "NodeNext",
        moduleResolution: "NodeNext",
        strict: true,
        outDir: "out",
        rootDir: "src",
        types: ["node"],
      },
      include: ["src"],
    }),
  );
  const packages = [
    `./${tarball}`,
    `typescript@${version("typescript")}`,
    `@types/node@${version('"@types/node"')}`,
  ];
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", ...packages], project);
  run(process.execPath, ["node_modules/typescript/bin/tsc"], project);
  const output = run(process.execPath, ["out/campaign.js"], project);
  console.log(output.trimEnd());
  console.log("ok     the packed @cmo/engine installs with npm, type-checks and runs a campaign");
} finally {
  rmSync(project, { recursive: true, force: true });
}

function version(name) {
  const found = new RegExp(`^\\s+${name}: (\\S+)$`, "m").exec(catalog)?.[1];
  if (found === undefined) throw new Error(`${name} is not in the catalog`);
  return found;
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}
