import { assertType, describe, expectTypeOf, it } from "vitest";
import type { Engine } from "../engine/engine.ts";
import type { RunSummary } from "../summary/run-summary.ts";
import type { Agent, AgentContext, TaskOutcome } from "./agent.ts";

declare const context: AgentContext;

describe("the types of an agent", () => {
  it("carry input and result through tasks", () => {
    const results = context.tasks("double", [{ id: "1", input: 1 }], async (items) =>
      items.map(({ id, input }) => ({ id, value: `${input}` })),
    );
    expectTypeOf(results).toEqualTypeOf<AsyncIterable<TaskOutcome<number, string>>>();
    // @ts-expect-error an answer without an id
    context.tasks("double", [{ id: "1", input: 1 }], async () => [{ value: 1 }]);
  });

  it("need a name, a version, a plan and a run, and nothing else", () => {
    assertType<Agent>({ name: "a", version: "1", plan: () => ["one"], run: async () => {} });
    // @ts-expect-error without a plan
    assertType<Agent>({ name: "a", version: "1", run: async () => {} });
  });

  it("hold stage outcomes to counts", () => {
    context.stage("one").complete({ counts: { found: 1 }, drops: { fork: 2 } });
    // @ts-expect-error counts are numbers
    context.stage("one").complete({ counts: { found: "1" } });
    // @ts-expect-error the context is not to be changed
    context.signal = new AbortController().signal;
  });

  it("give a summary for a run", () => {
    expectTypeOf<ReturnType<Engine["runInproc"]>>().toEqualTypeOf<Promise<RunSummary>>();
    expectTypeOf<RunSummary["ok"]>().toEqualTypeOf<boolean | null>();
  });
});
