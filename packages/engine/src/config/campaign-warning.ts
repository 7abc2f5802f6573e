import type { Problem } from "../result/problem.ts";
import type { CampaignConfig } from "./campaign-config.ts";
import { faultSettings } from "./fault-config.ts";
import { defaultTimeZone } from "./schedule-rule.ts";

/** What a config says that has no effect, each told with the reason: nothing is accepted and silently ignored. */
export function campaignWarnings(config: Omit<CampaignConfig, "name">): Problem[] {
  return [
    ...budgetWarnings(config),
    ...windowWarnings(config),
    ...sourceWarnings(config),
    ...scheduleWarnings(config),
  ];
}

function budgetWarnings({ params }: Omit<CampaignConfig, "name">): Problem[] {
  if (params?.budget_per_day === undefined || params.budget_per_day === null) return [];
  return [
    {
      path: ["params", "budget_per_day"],
      message:
        "has no effect: nothing here costs money; limits.max_requests and limits.max_points bound what a run asks for",
      suggestion: "limits.max_requests",
    },
  ];
}

function windowWarnings({ params, default_icp, pushed_since }: Omit<CampaignConfig, "name">): Problem[] {
  if (pushed_since === undefined || pushed_since === null) return [];
  const message = "has no effect: pushed_since says where the activity window begins";
  return [
    ...(params?.activity_days === undefined ? [] : [{ path: ["params", "activity_days"], message }]),
    ...(default_icp?.activity_days === undefined
      ? []
      : [{ path: ["default_icp", "activity_days"], message }]),
  ];
}

const simulatorKeys = ["seed", "repositories", "faults", "latency_ms"] as const;

function sourceWarnings({ source }: Omit<CampaignConfig, "name">): Problem[] {
  if (typeof source !== "object") return [];
  if (source.type === "github") {
    return simulatorKeys
      .filter((key) => source[key] !== undefined)
      .map((key) => ({
        path: ["source", key],
        message: "has no effect with type: github; only the simulator has it",
      }));
  }
  return (source.faults ?? []).flatMap((fault, index) =>
    settingNames
      .filter((key) => fault[key] !== undefined && !faultSettings[key].some((name) => name === fault.fault))
      .map((key) => ({
        path: ["source", "faults", String(index), key],
        message: `has no effect with fault: ${fault.fault}; it belongs to ${faultSettings[key].join(" and ")}`,
      })),
  );
}

function scheduleWarnings({ schedule, features }: Omit<CampaignConfig, "name">): Problem[] {
  if (schedule === undefined || schedule === null) return [];
  const path = ["schedule"];
  if (features?.dry_run === true) {
    return [{ path, message: "has no effect with features.dry_run: a dry run is made once" }];
  }
  if (typeof schedule === "object" && schedule.time_zone !== undefined) return [];
  const cron = typeof schedule === "string" ? schedule : schedule.cron;
  return [
    {
      path,
      message: `is read in ${defaultTimeZone}; say which time zone is meant: { cron: ${JSON.stringify(cron)}, time_zone: Europe/Vienna }`,
    },
  ];
}

const settingNames = Object.keys(faultSettings) as (keyof typeof faultSettings)[];
