import { channelOf, encodeJobEvent, type JobEvent } from "@cmo/engine";
import { buildEvent, everyDraft } from "@cmo/engine/testing";
import { campaignLog, completedEnd } from "@cmo/view/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventLevel, eventText } from "./event-text.ts";
import { createFeedIndex } from "./feed-index.ts";

describe("The index of a feed", () => {
  it("finds the events of its channels, in order, also when they come some at a time", () => {
    const log = campaignLog(...completedEnd);
    const isOn = (channel: string) => channel === "stage" || channel === "job";
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: log.length })), fc.nat(log.length), (cuts, place) => {
        const index = createFeedIndex(isOn);
        let from = 0;
        for (const to of [...cuts.toSorted((one, other) => one - other), log.length]) {
          index.extend(log.slice(from, to));
          from = to;
        }
        const places = log.flatMap(({ type }, at) => (isOn(channelOf(type)) ? [at] : []));
        expect(index.looked).toBe(log.length);
        expect(Array.from({ length: index.length }, (_, row) => index.place(row))).toEqual(places);
        expect(index.rowsBefore(place)).toBe(places.filter((at) => at < place).length);
      }),
    );
  });
});

describe("An event in words", () => {
  it("is a line for every type that there is", () => {
    for (const draft of everyDraft) {
      const event: JobEvent = buildEvent(draft);
      const text = eventText(event);
      expect(text, encodeJobEvent(event)).not.toMatch(/undefined|null|NaN|\[object/);
      expect(text.trim()).not.toBe("");
      expect(text).not.toContain("\n");
      expect(["info", "warning", "error"]).toContain(eventLevel(event));
    }
  });

  it("S09 is its type for one from the future", () => {
    expect(eventText(buildEvent({ type: "stage.teleported", data: {} }))).toBe("stage teleported");
  });

  it("has no control characters of what somebody wrote", () => {
    const event = buildEvent({
      type: "log",
      data: { level: "info", code: "x", message: "a\u0007\u202Eb\u001B[2J" },
    });
    expect(eventText(event)).toBe("ab[2J");
  });
});
