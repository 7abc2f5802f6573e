import { jobEventSchema } from "@cmo/contract";
import { parseJobEvent } from "@cmo/engine";
import { buildLog, everyDraft } from "@cmo/engine/testing";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { parseEnvelope } from "./parse-event.ts";

const events = [
  ...buildLog(everyDraft),
  {
    v: 9,
    jobId: "job_1",
    seq: 3,
    at: "2030-01-01T00:00:00.000Z",
    type: "weather.changed",
    data: {},
    mood: "new",
  },
];

describe("the envelope of an event", () => {
  it("is right in every event that the contract and the engine take, and nothing is changed", () => {
    for (const event of events) {
      expect(v.is(jobEventSchema, event) && parseJobEvent(event).ok).toBe(true);
      const parsed = parseEnvelope(event);
      expect(parsed.ok && parsed.value).toBe(event);
    }
  });

  it("is wrong where the contract says so: a key that is missing, or of another kind", () => {
    const wrong = [undefined, null, true, "", 7, [], {}];
    for (const key of Object.keys(jobEventSchema.entries)) {
      for (const value of wrong) {
        const event = { ...events[0], [key]: value };
        // Whether a text has the form of a time is left to whoever reads it as one.
        if (v.is(jobEventSchema, event) || (key === "at" && value === "")) continue;
        expect([key, value, parseEnvelope(event).ok]).toEqual([key, value, false]);
      }
    }
    for (const value of [...wrong, events]) expect(parseEnvelope(value).ok).toBe(false);
  });

  it("has a whole number from 1 on", () => {
    for (const seq of [0, -1, 1.5, 2 ** 53, Number.NaN]) {
      expect(parseEnvelope({ ...events[0], seq }).ok).toBe(false);
    }
  });
});
