import type { Calendar } from "../port/calendar.ts";
import type { Problem } from "../result/problem.ts";
import type { Result } from "../result/result.ts";
import { applyOverrides, type CampaignOverride, overrideMark, overridePlace } from "./apply-overrides.ts";
import { type CampaignConfig, campaignConfigSchema } from "./campaign-config.ts";
import { type CampaignRule, campaignRules } from "./campaign-rule.ts";
import { campaignWarnings } from "./campaign-warning.ts";
import { readStrictly } from "./read-strictly.ts";
import { scheduleIsKept } from "./schedule-rule.ts";

/** What {@link parseCampaign} may know beside the value. */
export interface ParseCampaignOptions {
  /** The config's file, with or without folders: its name is the campaign's when the config gives none. */
  fileName?: string;
  /** Today, where it is known: `pushed_since` must not be after it. */
  now?: Date;
  /** Values to set over the config before it is read. Problems with them have paths that begin with `--set`. */
  overrides?: readonly CampaignOverride[];
  /**
   * Whether `suppress` may name a file. Only who reads the files of this machine on the user's behalf says yes, and
   * puts the entries in place of the name. Default: no.
   */
  allowFiles?: boolean;
  /** Reads the expression and the time zone of `schedule`; without one only their form is looked at. */
  calendar?: Calendar | undefined;
}

/**
 * Reads a campaign config from any value: parsed YAML or JSON, or a config that was read before (which gives the same).
 * Never throws. All problems come at once, at most 50 and a count of the rest; what is accepted without effect is a
 * warning.
 */
export function parseCampaign(value: unknown, options: ParseCampaignOptions = {}): Result<CampaignConfig> {
  const { overrides = [], fileName, now, allowFiles = false, calendar } = options;
  const set = overrides.length === 0 ? { ok: true as const, value } : overlay(value, overrides);
  const rules = [
    ...campaignRules,
    ...(allowFiles ? [] : [suppressIsNoFile]),
    ...(calendar === undefined ? [] : [scheduleIsKept(calendar)]),
    ...(now === undefined ? [] : [windowIsOpen(now.toISOString().slice(0, 10))]),
  ];
  const read = readStrictly(campaignConfigSchema, set.ok ? set.value : withGood(value, overrides), rules);
  const mark = (problems: readonly Problem[]) => markOverrides(problems, overrides);
  if (!set.ok) return { ok: false, problems: [...set.problems, ...(read.ok ? [] : mark(read.problems))] };
  if (!read.ok) return { ok: false, problems: mark(read.problems) };
  const name = read.value.name ?? nameOfFile(fileName) ?? "campaign";
  return { ok: true, value: { ...read.value, name }, warnings: mark(campaignWarnings(read.value)) };
}

function overlay(value: unknown, overrides: readonly CampaignOverride[]): Result<unknown> {
  try {
    return applyOverrides(value, overrides);
  } catch {
    // A hostile value fails when it is copied; reading it again tells where.
    return {
      ok: false,
      problems: [{ path: [overrideMark], message: "cannot be set over a value that cannot be read" }],
    };
  }
}

/** The overrides that can be set, so that one that cannot hides no problem of the others. */
function withGood(value: unknown, overrides: readonly CampaignOverride[]): unknown {
  const good = overrides.filter((override) => overlay(value, [override]).ok);
  const set = overlay(value, good);
  return set.ok ? set.value : value;
}

// A problem inside a value that was set belongs to the `--set`, not to a line of the file.
function markOverrides(problems: readonly Problem[], overrides: readonly CampaignOverride[]): Problem[] {
  const places = overrides.map((override) => overridePlace(override.path));
  return problems.map((problem) =>
    places.some((place) => place?.every((key, index) => problem.path[index] === key))
      ? { ...problem, path: [overrideMark, ...problem.path] }
      : problem,
  );
}

function windowIsOpen(today: string): CampaignRule {
  return ({ pushed_since }) =>
    typeof pushed_since === "string" && pushed_since > today
      ? [
          {
            path: ["pushed_since"],
            message: `must be a date up to today (${today}), found "${pushed_since}"`,
          },
        ]
      : [];
}

function suppressIsNoFile(config: Omit<CampaignConfig, "name">): Problem[] {
  if (typeof config.suppress !== "string") return [];
  return [
    {
      path: ["suppress"],
      message: "must be a list of entries here; a file can only be named in a config file",
    },
  ];
}

function nameOfFile(fileName: string | undefined): string | null {
  const base = fileName?.split(/[/\\]/).at(-1) ?? "";
  const stem = base.replace(/\.(?:ya?ml|json)$/i, "").replace(/[\p{Cc}\u2028\u2029]/gu, " ");
  return stem.trim() === "" ? null : stem.slice(0, 100);
}
