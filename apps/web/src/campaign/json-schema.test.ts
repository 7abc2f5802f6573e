import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fieldsOf, type JsonSchema } from "./json-schema.ts";

// The schema of this very version; what the server gives is the same (`campaignJsonSchema`).
const schema = JSON.parse(
  readFileSync(new URL("../../../../config/campaign.schema.json", import.meta.url), "utf8"),
) as JsonSchema;

describe("The form of a config", () => {
  const fields = fieldsOf(schema);
  const byPath = new Map(fields.map((field) => [field.path.join("."), field]));

  it("has every key but those that only YAML can write, each with its help", () => {
    expect(byPath.size).toBe(fields.length);
    expect(fields.length).toBeGreaterThan(40);
    for (const { path, help } of fields) expect(help, path.join(".")).not.toBe("");
    for (const key of ["source.faults", "source.faults.rate"]) expect(byPath.has(key)).toBe(false);
  });

  it("asks for each key in its way", () => {
    const kinds = Object.fromEntries(
      [
        "name",
        "goal_template",
        "params.stars_range",
        "params.target_leads",
        "default_icp.topics",
        "source.type",
      ]
        .concat(["limits.deep_history", "limits.max_requests", "scoring.weights.fit.stars", "pushed_since"])
        .map((key) => [key, byPath.get(key)?.kind]),
    );
    expect(kinds).toEqual({
      name: "text",
      goal_template: "long-text",
      "params.stars_range": "text",
      "params.target_leads": "number",
      "default_icp.topics": "list",
      "source.type": "choice",
      "limits.deep_history": "yes-no",
      "limits.max_requests": "number",
      "scoring.weights.fit.stars": "number",
      pushed_since: "text",
    });
  });

  it("knows bounds, choices and what is usual", () => {
    expect(byPath.get("params.target_leads")).toMatchObject({
      minimum: 1,
      maximum: 100_000,
      isWhole: true,
      usual: "50",
    });
    expect(byPath.get("source.mail")?.choices).toEqual(["dns", "simulator", "none"]);
    expect(byPath.get("params.stars_range")?.usual).toBe(">=100");
  });
});
