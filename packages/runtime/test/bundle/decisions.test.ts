import { lastDecisionOf, type ResultDecision, resultDecisions } from "@cmo/agent";
import type { Agent } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { replayBundle } from "../../src/index.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

/** Of an agent that knew the decisions of version 1.0.0, from before they were counted in bundles. */
const golden = new URL("golden/full-1.zip", import.meta.url).pathname;

const next = (resultDecisions.at(-1)?.id ?? 0) + 1;
const later: ResultDecision[] = (["discovery", "scoring", "enrichment"] as const).map((stage, index) => ({
  id: next + index,
  since: `7.${index}.0`,
  title: `Something else is done in ${stage}.`,
  stages: stage === "scoring" ? ["scoring", "export"] : [stage],
  record: null,
}));
const decisions = [...resultDecisions, ...later];

/** An agent of a later version, in which stars count for nothing. */
function changed(agent: Agent): Agent {
  return {
    ...agent,
    version: "7.2.0",
    run(spec, context) {
      const { scoring } = spec;
      const fit = { ...scoring.weights.fit, stars: 0 };
      return agent.run({ ...spec, scoring: { ...scoring, weights: { ...scoring.weights, fit } } }, context);
    },
  };
}

describe("a bundle of before a decision", () => {
  it("is told to differ because of it, and of no other, when the agent has decided otherwise since", async () => {
    const verdict = await replayBundle(golden, { wrapAgent: changed, decisions });
    expect(verdict.verdict).toBe("different");
    expect(["scoring", "export"]).toContain(verdict.divergences[0]?.stage);
    expect(verdict.decisions).toEqual([later[1]]);
  });

  it("is identical where the decisions since do not touch it, and none of them is named", async () => {
    expect(await replayBundle(golden, { decisions })).toMatchObject({ verdict: "identical", decisions: [] });
  });

  it("differs for no decision when the agent knew all of them", async () => {
    const verdict = await replayBundle(golden, { wrapAgent: changed });
    expect(verdict).toMatchObject({ verdict: "different", decisions: [] });
  });
});

describe("a bundle of today", () => {
  it.each(["full", "shared"] as const)("says which decisions its outcome is of: %s", async (kind) => {
    const runtime = openPlace();
    const { path } = await writeBundle(runtime, await runCampaignIn(runtime, smallCampaign()), kind);
    const { manifest } = await replayBundle(path);
    expect(manifest.expected.decision).toBe(lastDecisionOf(runtime.agent.version));
  });

  it("tells an agent that knows fewer of them so", async () => {
    const runtime = openPlace();
    const { path } = await writeBundle(runtime, await runCampaignIn(runtime, smallCampaign()));
    const { notes } = await replayBundle(path, { decisions: resultDecisions.slice(0, 1) });
    expect(notes.join()).toContain(`knows decision ${next - 1}; this one knows 1`);
  });
});
