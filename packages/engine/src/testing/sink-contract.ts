import { describe, expect, it } from "vitest";
import type { EventDraft } from "../event/event-draft.ts";
import type { JobEvent } from "../event/job-event.ts";
import type { Sink } from "../sink/sink.ts";
import { buildLog } from "./build-event.ts";
import { queuedDraft } from "./build-job.ts";

/** A sink that was made for one test. */
export interface SinkUnderTest {
  readonly sink: Sink;
  /** What it took, in order, where that can be told: sequence numbers. */
  taken?(): readonly number[] | Promise<readonly number[]>;
}

/** What every {@link Sink} keeps, as tests. Call it at the top of a test file. */
export function describeSinkContract(
  name: string,
  create: () => SinkUnderTest | Promise<SinkUnderTest>,
): void {
  async function feed(events: readonly JobEvent[]): Promise<SinkUnderTest> {
    const opened = await create();
    for (const event of events) await opened.sink(event);
    return opened;
  }

  describe(`${name} keeps the contract of a sink`, () => {
    it("takes a log with an event of every known type, in its order", async () => {
      const log = buildLog(everyDraft);
      const { taken } = await feed(log);
      if (taken !== undefined) expect(await taken()).toEqual(log.map((event) => event.seq));
    });

    it("S09 takes events of types and versions from the future", async () => {
      const log = [...buildLog([queuedDraft, { type: "weather.changed", data: { sky: ["blue"] } }])].map(
        (event, index) => (index === 0 ? event : { ...event, v: 99 }),
      );
      const later = { ...log[0], seq: 3, v: 2, type: "stage.started", data: {} } as JobEvent;
      const { taken } = await feed([...log, later]);
      if (taken !== undefined) expect(await taken()).toEqual([1, 2, 3]);
    });

    it("S06 takes a log from its middle", async () => {
      const log = buildLog(everyDraft).slice(6);
      const { taken } = await feed(log);
      if (taken !== undefined) expect(await taken()).toEqual(log.map((event) => event.seq));
    });

    it("takes ten thousand events of progress", async () => {
      const updates = Array.from({ length: 10_000 }, (_, index): EventDraft => {
        const data = {
          stage: "first",
          itemsProcessed: index,
          itemsTotal: 10_000,
          currentItem: null,
          percent: 0,
        };
        return { type: "stage.progress", data };
      });
      const log = buildLog([queuedDraft, { type: "stage.started", data: { stage: "first" } }, ...updates]);
      const { taken } = await feed(log);
      if (taken !== undefined) expect(await taken()).toHaveLength(log.length);
    });

    it("S34 takes texts that are not fit for a terminal", async () => {
      const message = "\u001b[31mred\u0007 \u202e bidi \ud800 \r\n";
      const { taken } = await feed(
        buildLog([
          queuedDraft,
          { type: "stage.started", data: { stage: message } },
          { type: "log", data: { level: "error", code: message, message } },
          {
            type: "job.failed",
            data: { error: { code: "internal", message, hint: message }, partial: true },
          },
        ]),
      );
      if (taken !== undefined) expect(await taken()).toEqual([1, 2, 3, 4]);
    });

    it("leaves the events as they are", async () => {
      const log = buildLog(everyDraft);
      const before = JSON.stringify(log);
      await feed(log);
      expect(JSON.stringify(log)).toBe(before);
    });
  });
}

/** One event of every known type, in an order that a log may have. */
export const everyDraft: readonly EventDraft[] = [
  queuedDraft,
  { type: "job.started", data: { attempt: 1 } },
  { type: "stage.started", data: { stage: "first", itemsTotal: 2 } },
  { type: "tool.started", data: { callId: "1.1", tool: "search", inputDigest: "d" } },
  {
    type: "tool.completed",
    data: { callId: "1.1", tool: "search", ok: true, durationMs: 3, cost: 1, cached: false, error: null },
  },
  {
    type: "quota.updated",
    data: { resource: "graphql", limit: 5_000, remaining: 4_999, resetAt: "2030-01-01T01:00:00.000Z" },
  },
  {
    type: "quota.waiting",
    data: { resource: "graphql", until: "2030-01-01T00:00:30.000Z", reason: "limited" },
  },
  {
    type: "stage.progress",
    data: { stage: "first", itemsProcessed: 1, itemsTotal: 2, currentItem: "works/compiler", percent: 16 },
  },
  { type: "metrics", data: { metrics: { repos_claimed: 2 } } },
  { type: "log", data: { level: "info", code: "test.note", message: "a note" } },
  { type: "log", data: { level: "warning", code: "data.target_not_met", message: "fewer than wanted" } },
  { type: "log", data: { level: "error", code: "test.error", message: "an error" } },
  { type: "stage.completed", data: { stage: "first", counts: { repos_claimed: 2 }, drops: { fork: 1 } } },
  {
    type: "job.retrying",
    data: { attempt: 1, delayMs: 500, error: { code: "timeout", message: "slow", hint: null } },
  },
  { type: "job.started", data: { attempt: 2 } },
  { type: "job.paused", data: {} },
  { type: "job.resumed", data: {} },
  {
    type: "artifact.created",
    data: {
      kind: "leads_json",
      name: "job_test_leads.json",
      mediaType: "application/json",
      bytes: 10,
      rows: 1,
      digest: "d",
      partial: false,
    },
  },
  { type: "job.completed", data: { targetMet: false } },
];
