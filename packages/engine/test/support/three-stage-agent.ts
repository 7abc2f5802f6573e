import { CmoError } from "../../src/error/cmo-error.ts";
import type { Agent, AgentContext, RunBatch, TaskAnswer } from "../../src/port/agent.ts";
import { buildLead } from "../../src/testing/build-lead.ts";

/** What the agent does in a test. */
export interface ThreeStageOptions {
  /** How many things there are to find. Default 7. */
  items?: number;
  /** Time that each answer takes, in ms. Default 10. */
  answerMs?: number;
  batchSize?: number;
  concurrency?: number;
  /** Called before each batch is answered; what it throws is the batch's failure. */
  onBatch?(kind: string, ids: readonly string[]): void;
  /** Called between the reports of the agent, with a name for the place. */
  onReport?(place: string, context: AgentContext): void | Promise<void>;
  /** The clock that answers take their time on. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

/** An agent that finds things, looks at each of them, and exports them; and what it was asked, in order. */
export function threeStageAgent({
  items = 7,
  answerMs = 10,
  batchSize = 2,
  concurrency = 2,
  onBatch = () => {},
  onReport = () => {},
  sleep = () => Promise.resolve(),
}: ThreeStageOptions = {}): Agent & { readonly asked: string[]; readonly runs: boolean[] } {
  const asked: string[] = [];
  const runs: boolean[] = [];

  function answering<I, R>(kind: string, answer: (input: I) => R): RunBatch<I, R> {
    return async function* (batch, call): AsyncGenerator<TaskAnswer<R>, void, undefined> {
      const tool = call.startTool(kind, { ids: batch.map((item) => item.id) });
      try {
        asked.push(...batch.map((item) => `${kind}:${item.id}`));
        onBatch(
          kind,
          batch.map((item) => item.id),
        );
        for (const item of batch) {
          await sleep(answerMs, call.signal);
          if (call.signal.aborted) throw new CmoError("cancelled", "The batch was stopped.");
          yield { id: item.id, value: answer(item.input) };
        }
        tool.complete({ ok: true, cost: 1, cached: false, error: null });
      } catch (error) {
        tool.complete({ ok: false, cost: 0, cached: false, error: "failed" });
        throw error;
      }
    };
  }

  return {
    name: "test",
    version: "1.0.0",
    plan: () => ["find", "look", "export"],
    asked,
    runs,
    async run(_spec, context) {
      runs.push(context.partial);
      const options = { batchSize: () => batchSize, concurrency };
      const place = (name: string) => onReport(name, context);

      const find = context.stage("find");
      find.start({ itemsTotal: items });
      await place("find.started");
      const wanted = Array.from({ length: items }, (_, index) => ({ id: `${index + 1}`, input: index + 1 }));
      const found: number[] = [];
      for await (const one of context.tasks(
        "find",
        wanted,
        answering("find", (input: number) => input * 10),
        options,
      )) {
        found.push(one.value);
        find.progress({ itemsProcessed: found.length, currentItem: `thing ${one.id}` });
        context.metric({ repos_claimed: items, repos_matched: found.length });
        await place(`find.${one.id}`);
      }
      if (!context.partial) find.complete({ counts: { repos_matched: found.length }, drops: { dull: 1 } });
      await place("find.completed");

      const look = context.stage("look");
      look.start({ itemsTotal: found.length });
      const looked: number[] = [];
      const things = found.map((value) => ({ id: `${value}`, input: { value } }));
      const judge = answering("look", ({ value }: { value: number }) => ({ score: value + 1 }));
      for await (const one of context.tasks("look", things, judge, options)) {
        looked.push(one.value.score);
        look.progress({ itemsProcessed: looked.length });
        await place(`look.${one.id}`);
      }
      if (!context.partial) look.complete({ counts: { candidates: looked.length } });
      context.warn("data.target_not_met", "Fewer were found than wanted.");
      await place("look.completed");

      const write = context.stage("export");
      write.start();
      await context.writeLeads(looked.map((score, index) => buildLead({ rank: index + 1, score })));
      context.metric({ contactable: looked.length, leads: looked.length, leads_with_email: looked.length });
      await place("export.written");
      context.artifact({
        kind: "leads_json",
        name: "leads.json",
        mediaType: "application/json",
        bytes: 10 * looked.length,
        rows: looked.length,
        digest: looked.join(","),
        partial: context.partial,
      });
      write.complete({ counts: { leads: looked.length, contactable: looked.length } });
      await place("export.completed");
    },
  };
}
