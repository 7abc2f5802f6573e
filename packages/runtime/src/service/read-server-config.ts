import { dirname, resolve } from "node:path";
import { type CampaignConfig, overrideMark, type Problem, type Result } from "@cmo/engine";
import { parseCampaignValue } from "../config/parse-campaign-value.ts";
import { readSuppressFile } from "../config/suppress-file.ts";
import { readYaml } from "../config/yaml-document.ts";
import { readConfigFile } from "./config-file.ts";
import { withSet } from "./read-config.ts";

/**
 * Reads a config of the server by its name, the suppression file that it names included. Of what is wrong in the file
 * itself no more is told than that it is: it is the operator's, and its text is not the caller's to read.
 */
export async function readServerConfig(
  directory: string | null,
  name: string,
  { set, now }: { readonly set: readonly string[] | undefined; readonly now: Date },
): Promise<Result<CampaignConfig>> {
  if (directory === null) return wrong("names a file, and this server has no config folder");
  const file = await readConfigFile(directory, name);
  if (!file.ok) return file;
  const { text, path } = file.value;
  const document = readYaml(text);
  if (!document.ok) return invalid(name);
  const { value } = document.value;
  const parsed = withSet(set, (overrides) =>
    parseCampaignValue(value, { now, overrides, fileName: name, allowFiles: true }),
  );
  if (!parsed.ok) {
    const own = parsed.problems.filter(isOfRequest);
    return {
      ok: false,
      problems: own.length === parsed.problems.length ? own : [...own, ...invalid(name).problems],
    };
  }
  const { suppress } = parsed.value;
  if (typeof suppress !== "string") return parsed;
  // Only the file itself may name a file: a caller could otherwise have any file of the server read.
  if (suppress !== suppressOf(value)) {
    return {
      ok: false,
      problems: [{ path: [overrideMark, "suppress"], message: "must be a list of entries" }],
    };
  }
  const entries = await readSuppressFile(resolve(dirname(path), suppress));
  return entries.ok ? { ...parsed, value: { ...parsed.value, suppress: entries.value } } : invalid(name);
}

function isOfRequest({ path }: Problem): boolean {
  return path[0] === overrideMark;
}

function suppressOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "suppress" in value ? value.suppress : undefined;
}

function invalid(name: string) {
  return wrong(
    `is not right; who runs the server sees what is wrong with it with: cmo validate --config ${name}`,
  );
}

function wrong(message: string): { ok: false; problems: readonly Problem[] } {
  return { ok: false, problems: [{ path: ["config_path"], message }] };
}
