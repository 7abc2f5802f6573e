// Packs every published package the way it would be published, and checks the tarball: what is in it (publint), and
// that its types resolve for ESM users (@arethetypeswrong/cli).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const bin = join(root, "node_modules/.bin");
const folder = mkdtempSync(join(tmpdir(), "cmo-pack-"));
let failed = 0;

try {
  for (const name of readdirSync(join(root, "packages"))) {
    const directory = join(root, "packages", name);
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    if (manifest.private === true) continue;
    const { name: packageName } = manifest;
    // `npm pack` would leave `catalog:` and `workspace:` in place, and npm would refuse the tarball.
    const packed = run("pnpm", ["pack", "--pack-destination", folder], directory);
    const tarball = readdirSync(folder).find((file) => file.startsWith(`cmo-${name}-`));
    if (!packed || tarball === undefined) {
      failed += 1;
      continue;
    }
    const path = join(folder, tarball);
    const good =
      run(join(bin, "publint"), ["run", path, "--strict"], directory) &&
      run(join(bin, "attw"), [path, "--profile", "esm-only"], directory);
    console.log(`${good ? "ok    " : "FAILED"} ${packageName}`);
    if (!good) failed += 1;
    rmSync(path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) console.error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return status === 0;
}
