import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildEvent, buildLog } from "../testing/build-event.ts";
import { everyDraft } from "../testing/sink-contract.ts";
import { channelFilter, channelOf, channels } from "./channel.ts";
import { encodeJobEvent } from "./encode-job-event.ts";
import { decodeJobEvent, parseJobEvent } from "./event-codec.ts";
import { isKnownEventType, knownEventTypes } from "./event-type.ts";
import { asKnownEvent, isTerminalEvent } from "./job-event.ts";

const prototypeKeys = ["__proto__", "prototype", "constructor"];

describe("the codec of events", () => {
  it("reads back every known event as it was written, on one line", () => {
    expect(new Set(everyDraft.map((draft) => draft.type)).size).toBe(knownEventTypes.length - 2);
    for (const event of buildLog(everyDraft)) {
      const line = encodeJobEvent(event);
      expect(line).not.toContain("\n");
      expect(decodeJobEvent(line)).toEqual({ ok: true, value: event, warnings: [] });
    }
  });

  it("reads back any data of a type that it does not know", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.stringMatching(/^[a-z]{1,9}\.[a-z]{1,9}$/),
        (data, type) => {
          fc.pre(!isKnownEventType(type) && !prototypeKeys.some((key) => Object.hasOwn(data, key)));
          const event = JSON.parse(JSON.stringify(buildEvent({ type, data })));
          expect(decodeJobEvent(encodeJobEvent(event))).toEqual({ ok: true, value: event, warnings: [] });
        },
      ),
    );
  });

  it("S09 keeps an event of an unknown type or a later version, with whatever it carries", () => {
    const future = { ...buildEvent({ type: "weather.changed", data: { sky: ["blue"] } }), extra: 1 };
    const later = buildEvent({ type: "stage.started", data: { other: true } }, { v: 2 });
    for (const event of [future, later]) {
      expect(parseJobEvent(event)).toEqual({ ok: true, value: event, warnings: [] });
      expect(asKnownEvent(event)).toBeNull();
    }
  });

  it("drops keys of data that name a prototype", () => {
    for (const key of prototypeKeys) {
      const line = `{"v":1,"jobId":"j","seq":1,"at":"2030-01-01T00:00:00.000Z","type":"x.y","data":{"${key}":1,"a":2}}`;
      expect(decodeJobEvent(line)).toMatchObject({ ok: true, value: { data: { a: 2 } } });
      const decoded = decodeJobEvent(line);
      expect(decoded.ok && Object.keys(decoded.value.data)).toEqual(["a"]);
    }
  });

  it("keeps fields that a later version adds to a known type", () => {
    const event = buildEvent({ type: "job.started", data: { attempt: 1, mood: "good" } });
    expect(decodeJobEvent(encodeJobEvent(event))).toMatchObject({
      ok: true,
      value: { data: { mood: "good" } },
    });
  });

  it.each([
    [
      "a known type with wrong data",
      buildEvent({ type: "stage.started", data: { stage: 7 } }),
      ["data", "stage"],
    ],
    ["a known type without its data", buildEvent({ type: "job.started", data: {} }), ["data", "attempt"]],
    ["no object", 7, []],
    ["an envelope without seq", { ...buildEvent({ type: "x.y", data: {} }), seq: undefined }, ["seq"]],
    ["a seq of 0", buildEvent({ type: "x.y", data: {} }, { seq: 0 }), ["seq"]],
    ["a time that is none", buildEvent({ type: "x.y", data: {} }, { at: "yesterday" }), ["at"]],
    ["data that is a list", { ...buildEvent({ type: "x.y", data: {} }), data: null }, ["data"]],
  ])("tells what is wrong with %s", (_, value, path) => {
    const parsed = parseJobEvent(value);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problems.map((problem) => problem.path)).toContainEqual(path);
  });

  it("tells of text that is no JSON, and never throws", () => {
    expect(decodeJobEvent("{")).toMatchObject({ ok: false, problems: [{ path: [] }] });
    fc.assert(fc.property(fc.string(), (text) => typeof decodeJobEvent(text).ok === "boolean"));
    fc.assert(fc.property(fc.anything(), (value) => typeof parseJobEvent(value).ok === "boolean"));
  });

  it("knows the ends of a job, and no others", () => {
    expect(knownEventTypes.filter((type) => isTerminalEvent({ type }))).toEqual([
      "job.cancelled",
      "job.failed",
      "job.completed",
    ]);
  });
});

describe("channels", () => {
  it("are named by every known type", () => {
    expect(new Set(knownEventTypes.map(channelOf))).toEqual(new Set(channels));
  });

  it("S06 let the job channel through whatever was asked for, and everything when nothing was", () => {
    const some = channelFilter(["metrics"]);
    expect(knownEventTypes.filter((type) => some(type) && channelOf(type) !== "job")).toEqual(["metrics"]);
    expect(
      knownEventTypes.filter((type) => channelFilter([])(type)).every((type) => channelOf(type) === "job"),
    ).toBe(true);
    expect(channelFilter(["tool"])("weather.changed")).toBe(false);
    expect(channelFilter(undefined)("weather.changed")).toBe(true);
  });
});
