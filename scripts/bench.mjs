// Runs every bench of the workspace (`packages/*/bench/*.mjs`, `apps/*/bench/*.mjs`) and prints one table. A bench
// exports `run()`, which gives its figures with their limits; figures are ratios taken in one run wherever they can be,
// because absolute times say more about the machine than about the code. Each bench is a process of its own, so that the
// garbage of one is not a cost of the next. Ends with 1 when a figure is missed or a bench fails.
// Usage: pnpm bench [WORD]   runs those whose path holds the word; one that takes minutes (`*.slow.mjs`) when its name does
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));

if (process.argv[2] === "--one") await runOne(process.argv[3]);
else await runAll(process.argv[2] ?? "");

async function runAll(word) {
  const benches = ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name, "bench")))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".mjs") && isMeant(file, word));
  if (benches.length === 0) {
    process.stderr.write(`No bench has "${word}" in its path.\n`);
    process.exitCode = 1;
    return;
  }
  const rows = [];
  for (const file of benches) {
    process.stderr.write(`running ${relative(root, file)}\n`);
    const figures = await runApart(file);
    if (figures === null) rows.push([relative(root, file), "-", "-", "FAILED", "see above"]);
    else rows.push(...figures.map(rowOf));
  }
  printTable([["figure", "measured", "limit", "", "detail"], ...rows]);
  process.exitCode = rows.some((row) => row[3] === "MISSED" || row[3] === "FAILED") ? 1 : 0;
}

function isMeant(file, word) {
  return file.endsWith(".slow.mjs")
    ? word !== "" && basename(file).includes(word)
    : relative(root, file).includes(word);
}

/** The figures of a bench; null when it failed, and none of a file that is no bench. */
async function runApart(file) {
  const child = spawn(process.execPath, ["--expose-gc", here, "--one", file], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let figures = null;
  child.on("message", (sent) => {
    figures = sent;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  return code === 0 ? figures : null;
}

async function runOne(file) {
  const { run } = await import(pathToFileURL(file).href);
  const figures = typeof run === "function" ? await run() : [];
  process.send(figures, () => process.disconnect());
}

function rowOf(figure) {
  const measured = figure.ratio ?? figure.value;
  const ok = figure.ok ?? measured <= figure.limit;
  return [figure.name, format(measured), format(figure.limit), ok ? "ok" : "MISSED", figure.detail ?? ""];
}

function printTable(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    );
  }
}

function format(number) {
  if (number === undefined || number === null) return "-";
  return Number.isInteger(number) ? String(number) : number.toFixed(2);
}
