// Runs every bench of the workspace (`packages/*/bench/*.mjs`, `apps/*/bench/*.mjs`) and prints one table. A bench
// exports `run()`, which gives its figures with their limits; figures are ratios taken in one run wherever they can be,
// because absolute times say more about the machine than about the code. Ends with 1 when a figure is missed.
// Usage: pnpm bench [WORD]   runs those whose path holds the word
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const root = new URL("..", import.meta.url).pathname;
const word = process.argv[2] ?? "";
const benches = ["packages", "apps"]
  .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name, "bench")))
  .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
  .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  .filter((file) => file.endsWith(".mjs") && relative(root, file).includes(word));

const rows = [];
for (const file of benches) {
  const { run } = await import(pathToFileURL(file).href);
  if (typeof run !== "function") continue;
  process.stderr.write(`running ${relative(root, file)}\n`);
  for (const figure of await run()) {
    const measured = figure.ratio ?? figure.value;
    const ok = figure.ok ?? measured <= figure.limit;
    rows.push([
      figure.name,
      format(measured),
      format(figure.limit),
      ok ? "ok" : "MISSED",
      figure.detail ?? "",
    ]);
  }
}

const header = ["figure", "measured", "limit", "", "detail"];
const widths = header.map((title, column) =>
  Math.max(title.length, ...rows.map((row) => row[column].length)),
);
for (const row of [header, ...rows]) {
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}
process.exitCode = rows.some((row) => row[3] === "MISSED") ? 1 : 0;

function format(number) {
  if (number === undefined || number === null) return "-";
  return Number.isInteger(number) ? String(number) : number.toFixed(2);
}
