import { describe, expect, it } from "vitest";
import cases from "../../test/fixtures/progress-cases.json" with { type: "json" };
import { foldProgress } from "./fold-progress.ts";
import { initialProgress } from "./initial-progress.ts";
import { normalizeUpdate } from "./normalize-update.ts";
import type { ReportedEvent } from "./progress-event.ts";

describe("the worked cases", () => {
  it.each(cases)("$name", ({ plan, updates, expect: expected }) => {
    const { events: expectedEvents, ...expectedState } = expected;
    let progress = initialProgress(plan);
    const log: ReportedEvent[] = [];
    const labels: string[][] = [];
    for (const raw of updates) {
      const before = progress;
      const normalized = normalizeUpdate(progress, raw);
      progress = normalized.progress;
      log.push(...normalized.events);
      labels.push(normalized.events.map(label));
      if (normalized.events.length === 0) expect(progress).toBe(before);
    }
    expect(progress).toMatchObject(expectedState);
    expect(labels).toEqual(expectedEvents);
    expect(foldProgress(initialProgress(plan), log)).toStrictEqual(progress);
  });
});

function label(event: ReportedEvent): string {
  return "stage" in event.data ? `${event.type}:${event.data.stage}` : event.type;
}
