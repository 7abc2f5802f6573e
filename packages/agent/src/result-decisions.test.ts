import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { leadAgentVersion } from "./lead-agent.ts";
import { lastDecisionOf, resultDecisions } from "./result-decisions.ts";

describe("the decisions that change results", () => {
  it("are numbered without a gap, and the last one gave the agent its version", () => {
    expect(resultDecisions.map(({ id }) => id)).toEqual(resultDecisions.map((_one, index) => index + 1));
    expect(resultDecisions.at(-1)?.since).toBe(leadAgentVersion);
    // Each version knows all that is decided up to it, and nothing later.
    for (const { id, since } of resultDecisions) expect(lastDecisionOf(since)).toBeGreaterThanOrEqual(id);
  });

  it("name records that are there", () => {
    for (const { record } of resultDecisions) {
      const path = new URL(`../../../docs/decisions/${record}`, import.meta.url);
      expect(record === null || existsSync(path), record ?? "").toBe(true);
    }
  });

  it("are known to an agent by its version, compared as numbers", () => {
    const [first] = resultDecisions;
    if (first === undefined) throw new Error("There is no decision.");
    const decisions = ["1.2.0", "1.10.0", "2.0.0"].map((since, index) => ({
      ...first,
      id: index + 1,
      since,
    }));
    const knownTo = (version: string) => lastDecisionOf(version, decisions);
    expect(["1.1.9", "1.2.0", "1.9.9", "1.10.0", "2.0.0", "3.0.0"].map(knownTo)).toEqual([0, 1, 1, 2, 3, 3]);
    expect(["", "of long ago", "1"].map(knownTo)).toEqual([0, 0, 0]);
  });
});
