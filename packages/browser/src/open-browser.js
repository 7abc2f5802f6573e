import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

// JavaScript, so that benches run it as it is; its types stand beside it.

/** See `open-browser.d.ts`. */
export async function openBrowser() {
  const installed = [
    process.env.CHROMIUM_PATH ?? "",
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ].find((path) => path !== "" && existsSync(path));
  const executablePath = installed ?? (await unpackedBrowser());
  const fonts = join(executablePath, "..", "fonts");
  try {
    return await chromium.launch({
      executablePath,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        // It asks nobody for anything by itself.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
      env: { ...process.env, ...(existsSync(fonts) ? { FONTCONFIG_PATH: fonts } : {}) },
    });
  } catch (error) {
    throw new Error(`No browser starts here. Install Chromium, or name one with CHROMIUM_PATH.`, {
      cause: error,
    });
  }
}

/** The package unpacks into the temporary folder and takes what lies there; it gets a folder of its own. */
async function unpackedBrowser() {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const { version } = JSON.parse(await readFile(join(entry, "../../../package.json"), "utf8"));
  const folder = join(tmpdir(), `cmo-chromium-${version}`);
  const executable = join(folder, "chromium");
  if (existsSync(executable)) return executable;
  const fresh = await mkdtemp(join(tmpdir(), "cmo-chromium-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = fresh;
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    await packed.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  await writeFile(join(fresh, "fonts", "fonts.conf"), fontsOf(folder));
  // Whole or not there, even when several tests unpack at once.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return executable;
}

/** Its own fonts and those of the system; the package's file knows only where it expects to lie. */
function fontsOf(folder) {
  const folders = [join(folder, "fonts"), "/usr/share/fonts", "/usr/local/share/fonts"];
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>${folders.map((one) => `<dir>${one}</dir>`).join("")}<cachedir>${join(folder, "cache")}</cachedir></fontconfig>
`;
}
