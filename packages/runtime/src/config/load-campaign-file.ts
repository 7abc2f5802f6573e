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

/** A campaign config with the text that it was read from. */
export interface WrittenCampaign {
  readonly config: CampaignConfig;
  readonly text: string;
}

/** As {@link loadWrittenCampaign}, without the text. */
export async function loadCampaignFile(
  path: string,
  options: LoadCampaignOptions = {},
): Promise<Result<CampaignConfig>> {
  const loaded = await loadWrittenCampaign(path, options);
  return loaded.ok ? { ...loaded, value: loaded.value.config } : loaded;
}

/**
 * Reads a campaign config from a file, the suppression file that it names included (relative to the config's folder;
 * `suppress` is then always a list). Never rejects: a file that is missing, unreadable, empty, binary, too large or
 * hostile is a problem, without reading past the limit.
 */
export async function loadWrittenCampaign(
  path: string,
  options: LoadCampaignOptions = {},
): Promise<Result<WrittenCampaign>> {
  const { maxBytes = 256 * 1024, ...parsing } = options;
  const text = await readBoundedText(path, maxBytes);
  if (!text.ok) return text;
  const document = readYaml(text.value);
  if (!document.ok) return document;
  const parsed = parseCampaignValue(document.value.value, { ...parsing, fileName: path, allowFiles: true });
  if (!parsed.ok) return { ok: false, problems: placeProblems(parsed.problems, document.value) };
  const warnings = placeProblems(parsed.warnings, document.value);
  const { suppress } = parsed.value;
  const written = (config: CampaignConfig) => ({ config, text: text.value });
  if (typeof suppress !== "string") return { ok: true, value: written(parsed.value), warnings };
  const entries = await readSuppressFile(resolve(dirname(path), suppress));
  if (!entries.ok) {
    const problems = entries.problems.map((problem) => ({ ...problem, path: ["suppress"] }));
    return { ok: false, problems: placeProblems(problems, document.value) };
  }
  return { ok: true, value: written({ ...parsed.value, suppress: entries.value }), warnings };
}
