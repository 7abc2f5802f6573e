// Packs every published package the way it would be published, and checks the tarball: what is in it (publint), and
// that its types resolve for ESM users (@arethetypeswrong/cli). Nothing that it depends on may be a package that is never
// published: whoever installs it could not.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const bin = join(root, "node_modules/.bin");
const folder = mkdtempSync(join(tmpdir(), "cmo-pack-"));
let failed = 0;

const packages = readdirSync(join(root, "packages")).map((name) => {
  const directory = join(root, "packages", name);
  return { name, directory, manifest: JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) };
});
const unpublished = packages.filter(({ manifest }) => manifest.private === true);

try {
  for (const { name, directory, manifest } of packages) {
    if (manifest.private === true) continue;
    const { name: packageName, dependencies = {}, peerDependencies = {} } = manifest;
    const missing = unpublished.filter(
      (one) => one.manifest.name in { ...dependencies, ...peerDependencies },
    );
    if (missing.length > 0) {
      const names = missing.map((one) => one.manifest.name).join(", ");
      console.error(`FAILED ${packageName} depends on what is not published: ${names}`);
      failed += 1;
      continue;
    }
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
