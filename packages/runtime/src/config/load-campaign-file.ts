import { dirname, resolve } from "node:path";
import type { CampaignConfig, ParseCampaignOptions, Result } from "@cmo/engine";
import { placeProblems } from "./parse-campaign-text.ts";
import { parseCampaignValue } from "./parse-campaign-value.ts";
import { readBoundedText } from "./read-bounded-text.ts";
import { readSuppressFile } from "./suppress-file.ts";
import { readYaml } from "./yaml-document.ts";

/** How a config file is read. */
export interface LoadCampaignOptions extends Omit<ParseCampaignOptions, "fileName" | "allowFiles"> {
  /** The largest file that is read. Default 256 KiB. */
  maxBytes?: number;
}

/**
 * Reads a campaign config from a file, the suppression file that it names included (relative to the config's folder;
 * `suppress` is then always a list). Never rejects: a file that is missing, unreadable, empty, binary, too large or
 * hostile is a problem, without reading past the limit.
 */
export async function loadCampaignFile(
  path: string,
  options: LoadCampaignOptions = {},
): Promise<Result<CampaignConfig>> {
  const { maxBytes = 256 * 1024, ...parsing } = options;
  const text = await readBoundedText(path, maxBytes);
  if (!text.ok) return text;
  const document = readYaml(text.value);
  if (!document.ok) return document;
  const parsed = parseCampaignValue(document.value.value, { ...parsing, fileName: path, allowFiles: true });
  if (!parsed.ok) return { ok: false, problems: placeProblems(parsed.problems, document.value) };
  const warnings = placeProblems(parsed.warnings, document.value);
  const { suppress } = parsed.value;
  if (typeof suppress !== "string") return { ...parsed, warnings };
  const entries = await readSuppressFile(resolve(dirname(path), suppress));
  if (!entries.ok) {
    const problems = entries.problems.map((problem) => ({ ...problem, path: ["suppress"] }));
    return { ok: false, problems: placeProblems(problems, document.value) };
  }
  return { ok: true, value: { ...parsed.value, suppress: entries.value }, warnings };
}
