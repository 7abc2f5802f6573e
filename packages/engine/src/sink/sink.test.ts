import { describe, expect, it } from "vitest";
import { channels } from "../event/channel.ts";
import { decodeJobEvent } from "../event/event-codec.ts";
import type { JobEvent } from "../event/job-event.ts";
import { renderSummary } from "../summary/render-summary.ts";
import { buildSummary, summaryOf } from "../summary/run-summary.ts";
import { buildEvent, buildLog } from "../testing/build-event.ts";
import { describeSinkContract, everyDraft } from "../testing/sink-contract.ts";
import { createCliSinks } from "./cli-sinks.ts";
import { filterChannels } from "./filter-channels.ts";
import { jsonLinesSink } from "./json-lines-sink.ts";
import { memorySink } from "./memory-sink.ts";
import { multiplex } from "./multiplex.ts";

const seqsOf = (events: readonly JobEvent[]) => events.map((event) => event.seq);

describeSinkContract("memorySink", () => {
  const { sink, events } = memorySink();
  return { sink, taken: () => seqsOf(events) };
});
describeSinkContract("jsonLinesSink", () => {
  const lines: string[] = [];
  const sink = jsonLinesSink((text) => void lines.push(text));
  return { sink, taken: () => lines.map((line) => JSON.parse(line).seq) };
});
describeSinkContract("multiplex", () => {
  const { sink, events } = memorySink();
  return { sink: multiplex([sink, () => Promise.reject(new Error("broken"))]), taken: () => seqsOf(events) };
});
describeSinkContract("filterChannels", () => ({ sink: filterChannels(memorySink().sink, ["job", "stage"]) }));
describeSinkContract("the renderer of createCliSinks", () => ({
  sink: createCliSinks({ noEmoji: false, write: () => {} }).renderer,
}));
describeSinkContract("the summary of createCliSinks", () => ({
  sink: createCliSinks({ noEmoji: true, write: () => {} }).summary,
}));

describe("jsonLinesSink", () => {
  it("S41 writes one line of JSON for each event that reads back as the event", async () => {
    let text = "";
    const sink = jsonLinesSink((chunk) => {
      text += chunk;
    });
    const log = [
      ...buildLog(everyDraft),
      buildEvent({ type: "log", data: { message: "a\nb\u2028c" } }, { v: 9 }),
    ];
    for (const event of log) await sink(event);
    expect(text.endsWith("\n")).toBe(true);
    const read = text.trimEnd().split("\n").map(decodeJobEvent);
    expect(read).toEqual(log.map((value) => ({ ok: true, value, warnings: [] })));
  });

  it("waits for its write, and fails with it", async () => {
    const failing = jsonLinesSink(() => Promise.reject(new Error("pipe closed")));
    await expect(failing(buildEvent({ type: "x.y", data: {} }))).rejects.toThrow("pipe closed");
  });
});

describe("filterChannels", () => {
  it("S06 lets the chosen channels and the job channel through", async () => {
    for (const channel of channels) {
      const { sink, events } = memorySink();
      const filtered = filterChannels(sink, [channel]);
      const log = buildLog(everyDraft);
      for (const event of log) await filtered(event);
      const expected = log.filter(
        ({ type }) => type === channel || type.startsWith(`${channel}.`) || type.startsWith("job."),
      );
      expect(events).toEqual(expected);
    }
  });
});

describe("multiplex", () => {
  it("S05 gives each event to all, and the next when all are done with it", async () => {
    const log: string[] = [];
    const sinkOf = (name: string, turns: number) => async (event: JobEvent) => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      log.push(`${name}${event.seq}`);
    };
    const sink = multiplex([sinkOf("slow", 9), sinkOf("fast", 0)]);
    for (const event of buildLog(everyDraft.slice(0, 2))) await sink(event);
    expect(log).toEqual(["fast1", "slow1", "fast2", "slow2"]);
  });

  it("gives a sink that fails nothing more, and never fails itself", async () => {
    const { sink, events } = memorySink();
    let asked = 0;
    const failing = () => {
      asked += 1;
      throw new Error("broken");
    };
    const all = multiplex([failing, sink]);
    for (const event of buildLog(everyDraft.slice(0, 3))) await all(event);
    expect([asked, events.length]).toEqual([1, 3]);
  });
});

describe("createCliSinks", () => {
  async function render(events: readonly JobEvent[], noEmoji: boolean): Promise<string> {
    let text = "";
    const { renderer } = createCliSinks({
      noEmoji,
      write(chunk) {
        text += chunk;
      },
    });
    for (const event of events) await renderer(event);
    return text;
  }

  it("S39 writes whole lines without control codes, and plain ASCII without emoji", async () => {
    const text = await render(buildLog(everyDraft), true);
    expect(text).toMatchInlineSnapshot(`
      "== job_test: Find imaginary people
      -> [1/3] first
      waiting: graphql until 2030-01-01T00:00:30.000Z (limited)
            first 1/2 · 16% in all
      warning: fewer than wanted
      error: an error
      ok first: repos claimed 2
      warning: slow; trying again in 0.5 s
      == attempt 2
      == paused
      == resumed
      ok completed
      "
    `);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const ownMarks = text.replaceAll("·", "");
    expect(ownMarks).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(await render(buildLog(everyDraft), false)).toMatchInlineSnapshot(`
      "▶ job_test: Find imaginary people
      → [1/3] first
      ⏳ graphql until 2030-01-01T00:00:30.000Z (limited)
      ·    first 1/2 · 16% in all
      ⚠ fewer than wanted
      ✖ an error
      ✔ first: repos claimed 2
      ⚠ slow; trying again in 0.5 s
      ▶ attempt 2
      ▶ paused
      ▶ resumed
      ✔ completed
      "
    `);
  });

  it("S34 cleans what came from outside before it reaches the terminal", async () => {
    const evil = "\u001b[2Jgone\u0007\u202e";
    const text = await render(
      buildLog([
        { type: "log", data: { level: "warning", code: "x", message: evil } },
        { type: "stage.started", data: { stage: `evil${evil}` } },
        { type: "stage.completed", data: { stage: `evil${evil}`, counts: { [evil]: 1 } } },
        { type: "quota.waiting", data: { resource: evil, until: evil, reason: evil } },
        {
          type: "job.failed",
          data: { error: { code: "internal", message: evil, hint: evil }, partial: false },
        },
      ]),
      true,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it("S11 shows a failure as one, and never as completed", async () => {
    const text = await render(
      buildLog([
        ...everyDraft.slice(0, 3),
        {
          type: "job.failed",
          data: { error: { code: "timeout", message: "too slow", hint: "wait" }, partial: false },
        },
        { type: "job.completed", data: { targetMet: true } },
      ]),
      true,
    );
    expect(text).toContain("failed: too slow");
    expect(text).not.toContain("completed");
  });

  it("S10 S12 shows no stage that is none, no step twice, and nothing after the end", async () => {
    const text = await render(
      buildLog([
        everyDraft[0] ?? { type: "x", data: {} },
        { type: "stage.started", data: { stage: "unknown" } },
        { type: "stage.started", data: { stage: "first" } },
        { type: "stage.started", data: { stage: "first" } },
        { type: "job.completed", data: { targetMet: true } },
        { type: "stage.started", data: { stage: "second" } },
        { type: "stage.completed", data: { stage: "first" } },
      ]),
      true,
    );
    expect(text.split("\n").filter((line) => line.includes("first"))).toHaveLength(1);
    expect(text).not.toContain("unknown");
    expect(text.trimEnd().split("\n").at(-1)).toBe("ok completed");
  });

  it("writes at most one line for each tenth of a stage", async () => {
    const updates = Array.from({ length: 500 }, (_, index) => ({
      type: "stage.progress" as const,
      data: { stage: "first", itemsProcessed: index + 1, itemsTotal: 500, currentItem: null, percent: 0 },
    }));
    const text = await render(
      buildLog([...everyDraft.slice(0, 2), { type: "stage.started", data: { stage: "first" } }, ...updates]),
      true,
    );
    expect(text.split("\n").filter((line) => line.includes("in all"))).toHaveLength(10);
  });

  it("S03 collects the same summary as the builder", async () => {
    const { summary } = createCliSinks({ noEmoji: true, write: () => {} });
    const log = buildLog(everyDraft);
    for (const event of log) await summary(event);
    expect(summaryOf(summary.state(), [])).toEqual(buildSummary(log, []));
    expect(renderSummary(summaryOf(summary.state(), []))).toContain("repositories claimed");
  });
});
