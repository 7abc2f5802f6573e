import { type Command, InvalidArgumentError, Option } from "commander";
import { outputModes } from "../renderer/renderer.ts";

/** `--config FILE`. */
export function configOption(): Option {
  return new Option("-c, --config <file>", "the campaign's config (YAML)");
}

/** `--set KEY=VALUE`, any number of times. */
export function setOption(): Option {
  return new Option("--set <key=value>", "set a value over the config; may be repeated")
    .argParser(collect)
    .default([], "none");
}

/** `--preset NAME`, any number of times. */
export function presetOption(): Option {
  return new Option(
    "--preset <name>",
    "one more lead file, for hubspot, salesforce or attio; may be repeated",
  )
    .argParser(collect)
    .default([], "none");
}

/** `--exports DIR`. */
export function exportsOption(description: string): Option {
  return new Option("--exports <folder>", description)
    .argParser((folder: string) => {
      if (folder.trim() === "") throw new InvalidArgumentError("It names no folder.");
      return folder;
    })
    .default("exports");
}

/** `--store PLACE`. */
export function storeOption(): Option {
  return new Option(
    "--store <place>",
    "where jobs are kept: memory, disk (your data folder), or a file (default: CMO_STORE, else disk)",
  );
}

/** Adds the options that say where jobs are: in a store, or behind an API. */
export function addPlaceOptions(command: Command): Command {
  return addApiOptions(command.addOption(storeOption()));
}

/** Adds `--api-base URL` and `--api-key-file FILE`. */
export function addApiOptions(command: Command): Command {
  return command
    .option("--api-base <url>", "the API to ask, in place of a store (default: CMO_API_URL, when it is set)")
    .option("--api-key-file <file>", "a file with the key of the API (default: the key in CMO_API_KEY)");
}

/** `--give-up-after TIME`. */
export function giveUpOption(): Option {
  return new Option("--give-up-after <time>", "for how long to try again when the API is away: 90s, 5m, 2h")
    .argParser(duration)
    .default(300_000, "5m");
}

/** `--output MODE`, for what shows a run. */
export function modeOption(): Option {
  return new Option("--output <mode>", "how to show the run")
    .choices(["auto", ...outputModes])
    .default("auto");
}

/** `--output FORM`, for what prints text or JSON. */
export function formOption(): Option {
  return new Option("--output <form>", "for people or for machines")
    .choices(["text", "json"])
    .default("text");
}

/** An argument parser for a whole number in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** An argument parser for a whole number in a range that may lie below zero. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** An argument parser for a score. */
export function score(text: string): number {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number.");
}

/** An argument parser for a length of time, in milliseconds. */
function duration(text: string): number {
  const found = /^(\d{1,6})(ms|s|m|h)$/.exec(text);
  const unit = durationUnitMs.get(found?.[2] ?? "");
  if (found !== null && unit !== undefined) return Number(found[1]) * unit;
  throw new InvalidArgumentError("It must be a time such as 90s, 5m or 2h.");
}

const durationUnitMs: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** An argument parser that collects what is given several times. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** An argument parser for names with commas between them. */
export function list(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
