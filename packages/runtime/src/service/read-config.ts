import type { CampaignConfig, ParseCampaignOptions, Problem, Result } from "@cmo/engine";
import { parseCampaignText } from "../config/parse-campaign-text.ts";
import { parseCampaignValue } from "../config/parse-campaign-value.ts";
import { parseSetFlags } from "../config/parse-set-flags.ts";

/** Reads a config that came with a request: a mapping, or YAML as text. It can name no file. */
export function readConfig(
  config: string | Readonly<Record<string, unknown>>,
  set: readonly string[] | undefined,
  now?: Date,
): Result<CampaignConfig> {
  return withSet(set, (overrides) => {
    const options = { overrides, ...(now === undefined ? {} : { now }) };
    return typeof config === "string"
      ? parseCampaignText(config, options)
      : parseCampaignValue(config, options);
  });
}

/** Reads with the values of `set` over it; one of them that cannot be read hides no other problem. */
export function withSet(
  set: readonly string[] = [],
  read: (overrides: NonNullable<ParseCampaignOptions["overrides"]>) => Result<CampaignConfig>,
): Result<CampaignConfig> {
  const flags = set.map((flag) => parseSetFlags([flag]));
  const parsed = read(flags.flatMap((flag) => (flag.ok ? flag.value : [])));
  const misread: Problem[] = flags.flatMap((flag) => (flag.ok ? [] : flag.problems));
  if (misread.length === 0) return parsed;
  return { ok: false, problems: [...misread, ...(parsed.ok ? [] : parsed.problems)] };
}
