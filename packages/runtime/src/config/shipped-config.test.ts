import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createJobSpec } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatProblems } from "./format-problems.ts";
import { keyDescriptions } from "./key-description.ts";
import { loadCampaignFile } from "./load-campaign-file.ts";

const agent = { name: "lead", version: "1.0.0", plan: () => ["discovery"] };
const now = new Date("2030-06-15T12:00:00Z");

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../../../config/${name}`, import.meta.url));
}

async function loaded(name: string) {
  const result = await loadCampaignFile(pathOf(name));
  if (!result.ok) throw new Error(formatProblems(result.problems, name));
  return result;
}

describe("the configs that come with cmo", () => {
  it.each(["smoke.yaml", "default.yaml"])("%s is read without a problem or a warning", async (name) => {
    expect((await loaded(name)).warnings).toEqual([]);
  });

  it("smoke_prompt.yaml is read with a warning about its budget only", async () => {
    const { warnings } = await loaded("smoke_prompt.yaml");
    expect(warnings.map(({ path }) => path.join("."))).toEqual(["params.budget_per_day"]);
  });

  it.each(["smoke.yaml", "smoke_prompt.yaml", "default.yaml"])(
    "%s tells editors its schema",
    async (name) => {
      expect(await readFile(pathOf(name), "utf8")).toMatch(
        /^# yaml-language-server: \$schema=\.\/campaign\.schema\.json\n/,
      );
    },
  );

  it("smoke.yaml and smoke_prompt.yaml ask for the same", async () => {
    const [smoke, prompt] = await Promise.all([loaded("smoke.yaml"), loaded("smoke_prompt.yaml")]);
    const specs = [smoke, prompt].map(({ value }) => createJobSpec(value, { agent, now }));
    expect(specs[0]?.icp).toEqual(specs[1]?.icp);
    expect(specs[0]?.goal).toBe(specs[1]?.goal);
    expect(specs.map((spec) => spec.source.type)).toEqual(["simulator", "github"]);
  });

  it("S23 default.yaml has every key, each with the value it has when it is left out", async () => {
    const text = await readFile(pathOf("default.yaml"), "utf8");
    expect(keysOf(parse(text)).sort()).toEqual(
      Object.keys(keyDescriptions)
        .filter((key) => !inComments.test(key))
        .sort(),
    );
    for (const key of Object.keys(keyDescriptions).filter((known) => inComments.test(known))) {
      expect(text).toContain(key.split(".").at(-1));
    }
    const { value } = await loaded("default.yaml");
    const written = createJobSpec(value, { agent, now });
    const bare = createJobSpec(
      { name: "default", source: "simulator", params: { language: "Go" } },
      { agent, now },
    );
    expect(written).toEqual(bare);
  });
});

/** Keys below one that is nothing when nobody says. */
const inComments = /^(?:source\.faults|schedule)\./;

function keysOf(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...path, key].join("."),
    ...keysOf(inner, [...path, key]),
  ]);
}
