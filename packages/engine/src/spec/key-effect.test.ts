import { describe, expect, it } from "vitest";
import { applyOverrides } from "../config/apply-overrides.ts";
import { campaignConfigSchema } from "../config/campaign-config.ts";
import { parseCampaign } from "../config/parse-campaign.ts";
import { keyPaths, schemaNode } from "../config/schema-shape.ts";
import { createJobSpec } from "./create-job-spec.ts";

// A value other than the built-in one for every key that holds a value itself.
const changes: Record<string, unknown> = {
  name: "other",
  "params.language": "Go",
  "params.stars_range": "1..2",
  "params.activity_days": 7,
  "params.target_leads": 7,
  "params.budget_per_day": 7,
  pushed_since: "2030-01-01",
  only_new: true,
  goal_template: "Find people",
  "default_icp.languages": ["Go"],
  "default_icp.topics": ["cli"],
  "default_icp.exclude_topics": ["demo"],
  "default_icp.stars_range": "1..2",
  "default_icp.activity_days": 7,
  source: "github",
  "source.type": "github",
  "source.seed": 7,
  "source.repositories": 77,
  "source.faults": [{ fault: "slow", at: 1 }],
  "source.latency_ms": 7,
  "source.mail": "none",
  "source.concurrency": 7,
  "limits.max_requests": 7,
  "limits.max_points": 7,
  "limits.max_repos": 7,
  "limits.people_per_repo": 7,
  "limits.commits_per_repo": 7,
  "limits.deep_history": true,
  "limits.timeout_minutes": 7,
  "retries.max_attempts": 7,
  "retries.base_delay_ms": 7,
  "retries.max_delay_ms": 77_777,
  "scoring.version": 7,
  "scoring.weights.fit.language_match": 7,
  "scoring.weights.fit.topic_match": 7,
  "scoring.weights.fit.stars": 7,
  "scoring.weights.activity.commits": 7,
  "scoring.weights.activity.recency": 7,
  "scoring.weights.activity.several_repositories": 7,
  "scoring.weights.reachability.email_contactable": 7,
  "scoring.weights.reachability.own_domain_email": 7,
  "scoring.weights.reachability.website": 7,
  "scoring.weights.reachability.hireable": 7,
  "scoring.weights.reachability.role_address": 7,
  "scoring.weights.reachability.free_address": 7,
  "features.dry_run": true,
  suppress: ["ada"],
  purpose: "hiring research",
  basis: "legitimate interest",
  "retention.days": 7,
  "schedule.cron": "0 7 * * *",
  "schedule.time_zone": "Europe/Vienna",
  "schedule.first_run": "scheduled",
};

function outcomeOf(value: unknown) {
  const parsed = parseCampaign(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const entries = Array.isArray(parsed.value.suppress) ? parsed.value.suppress : [];
  const spec = createJobSpec(parsed.value, {
    agent: { name: "lead", version: "1.0.0", plan: () => ["discovery"] },
    now: new Date("2030-06-15T12:00:00Z"),
    suppression: entries.map(() => ({ kind: "login", hash: "a".repeat(64) })),
  });
  return { spec, warnings: parsed.warnings };
}

describe("S23 every accepted key has an effect or says that it has none", () => {
  const plain = { source: "simulator" };
  const scheduled = { ...plain, schedule: { cron: "@daily", time_zone: "UTC" } };

  it.each(Object.entries(changes))("%s", (key, value) => {
    const base = key.startsWith("schedule.") ? scheduled : plain;
    const changed = applyOverrides(base, [{ path: key.split("."), value }]);
    const { spec, warnings } = outcomeOf(changed.ok ? changed.value : {});
    if (warnings.length > 0) expect(warnings.map(({ path }) => path.join("."))).toContain(key);
    else expect(spec).not.toEqual(outcomeOf(base).spec);
  });

  it("leaves no key out of this test", () => {
    const known = keyPaths(schemaNode(campaignConfigSchema)).map((path) => path.join("."));
    const isLeaf = (key: string) =>
      !known.some((other) => other.startsWith(`${key}.`) && !/\.(?:min|max)$/.test(other));
    const leaves = known.filter((key) => key === "source" || (isLeaf(key) && !/\.(?:min|max)$/.test(key)));
    // `version` is checked and otherwise says nothing: there is only one.
    expect(Object.keys(changes).sort()).toEqual(leaves.filter((key) => key !== "version").sort());
  });
});
