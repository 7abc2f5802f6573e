import { buildNewJob } from "@cmo/engine/testing";
import { expect, it } from "vitest";
import { compareValues } from "../diff/compare-values.ts";
import { whatChangesAsk } from "./what-changes-ask.ts";

it("Of every key of a spec it is said whether another value asks, and what nobody has thought of asks", () => {
  const { spec } = buildNewJob();
  const keys = compareValues(spec, {})
    .map(({ key }) => key)
    .flatMap((key) => (key === "source" ? Object.keys(spec.source).map((name) => `source.${name}`) : [key]));
  const leaves = keys.flatMap((key) => leavesOf(spec, key));
  const changes = [...leaves, "later.key"].map((key) => ({ key, a: 1, b: 2 }));
  const { asking, foreign } = whatChangesAsk(changes);
  expect(foreign.toSorted()).toEqual(
    leaves.filter((key) => /^(dryRun|source\.(type|seed|repositories|faults|mail))$/.test(key)).toSorted(),
  );
  expect(asking).toEqual(
    expect.arrayContaining([
      "icp.languages",
      "icp.topics",
      "icp.excludeTopics",
      "icp.starsRange.min",
      "icp.activityDays",
      "pushedSince",
      "asOf",
      "limits.maxRequests",
      "limits.maxPoints",
      "limits.peoplePerRepo",
      "limits.commitsPerRepo",
      "limits.deepHistory",
      "limits.maxRepos",
      "targetLeads",
      "later.key",
    ]),
  );
  const free = leaves.filter((key) => !asking.includes(key) && !foreign.includes(key));
  expect(free.filter((key) => !/^(scoring|retries)\./.test(key)).toSorted()).toEqual(
    leaves
      .filter((key) =>
        /^(name|goal|purpose|basis|suppress|retention\.days|limits\.timeoutMinutes|source\.(concurrency|latencyMs))$/.test(
          key,
        ),
      )
      .toSorted(),
  );
  // Less of the same is a beginning of it.
  for (const key of ["targetLeads", "limits.maxRepos"]) {
    expect(whatChangesAsk([{ key, a: 5, b: 4 }]).asking).toEqual([]);
    expect(whatChangesAsk([{ key, a: null, b: 4 }]).asking).toEqual([key]);
  }
});

/** The places of values under a key that are no mappings. */
function leavesOf(spec: object, key: string): string[] {
  const value = key.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], spec);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [key];
  return Object.keys(value).flatMap((name) => leavesOf(spec, `${key}.${name}`));
}
