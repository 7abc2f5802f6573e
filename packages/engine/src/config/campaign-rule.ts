import type { Problem } from "../result/problem.ts";
import type { CampaignConfig } from "./campaign-config.ts";
import { goalVariables, isGoalVariable, splitTemplate } from "./goal-template.ts";
import { nearestName } from "./nearest-name.ts";

/** One thing that must hold between the values of a config; each is a rule of its own. */
export type CampaignRule = (config: Omit<CampaignConfig, "name">) => Problem[];

/** What a schema of single values cannot say. */
export const campaignRules: readonly CampaignRule[] = [
  templateVariablesAreKnown,
  delaysAreInOrder,
  mailFitsSource,
];

function templateVariablesAreKnown({ goal_template }: Parameters<CampaignRule>[0]): Problem[] {
  const names = splitTemplate(goal_template ?? "").flatMap((part) =>
    "variable" in part ? [part.variable] : [],
  );
  return [...new Set(names)]
    .filter((name) => !isGoalVariable(name))
    .map((name) => {
      const near = nearestName(name, goalVariables);
      const meant = near === null ? "" : `; did you mean "${near}"?`;
      return {
        path: ["goal_template"],
        message: `unknown variable "${name.slice(0, 60)}"${meant} (known: ${goalVariables.join(", ")})`,
        ...(near === null ? {} : { suggestion: near }),
      };
    });
}

function delaysAreInOrder({ retries }: Parameters<CampaignRule>[0]): Problem[] {
  const { base_delay_ms: base, max_delay_ms: most } = retries ?? {};
  if (base === undefined || most === undefined || base <= most) return [];
  return [
    {
      path: ["retries", "base_delay_ms"],
      message: `must be at most max_delay_ms (${most}), found the number ${base}`,
    },
  ];
}

function mailFitsSource({ source }: Parameters<CampaignRule>[0]): Problem[] {
  if (typeof source !== "object" || source.type !== "github" || source.mail !== "simulator") return [];
  return [
    {
      path: ["source", "mail"],
      message:
        'must be dns or none with type: github, found "simulator"; the simulator knows imaginary domains only',
      suggestion: "dns",
    },
  ];
}
