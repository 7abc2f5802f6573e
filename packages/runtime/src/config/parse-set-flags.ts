import { type CampaignOverride, overrideMark, type Problem, type Result } from "@cmo/engine";
import { readYaml } from "./yaml-document.ts";

/**
 * Reads the pairs of `--set`: `language=Go`, `limits.max_repos=50`, `default_icp.topics=[cli, tui]`. The value is a YAML
 * number, `true`, `false`, `null`, quoted text, list or mapping; anything else is text as it stands, so that
 * `stars_range=>=500` and `name=Go: the tools` need no quotes of YAML's.
 */
export function parseSetFlags(flags: readonly string[]): Result<CampaignOverride[]> {
  const overrides: CampaignOverride[] = [];
  const problems: Problem[] = [];
  for (const flag of flags) {
    const read = readFlag(flag);
    if ("message" in read) problems.push(read);
    else overrides.push(read);
  }
  return problems.length === 0 ? { ok: true, value: overrides, warnings: [] } : { ok: false, problems };
}

function readFlag(flag: string): CampaignOverride | Problem {
  const equals = flag.indexOf("=");
  const shown = JSON.stringify(flag.slice(0, 60));
  if (equals < 0) {
    return {
      path: [overrideMark],
      message: `must be key=value, found ${shown}; for example --set language=Go`,
    };
  }
  const path = flag.slice(0, equals).trim().split(".");
  if (path.includes("")) {
    return {
      path: [overrideMark],
      message: `must have a key before the =, found ${shown}; for example --set language=Go`,
    };
  }
  const text = flag.slice(equals + 1).trim();
  const read = readYaml(text);
  if (/^["'[{]/.test(text)) {
    if (read.ok) return { path, value: read.value.value };
    const [first] = read.problems;
    return { path: [overrideMark, ...path], message: first?.message ?? "not valid YAML" };
  }
  const value = read.ok ? read.value.value : text;
  // A comment or a block sign makes YAML see less than what was typed; only true literals are not text.
  const isLiteral =
    typeof value === "number" || typeof value === "boolean" || (value === null && !text.includes("#"));
  return { path, value: isLiteral ? value : text };
}
