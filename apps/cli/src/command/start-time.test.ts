import { describe, expect, it } from "vitest";
import { readStartTime } from "./start-time.ts";

const now = Date.parse("2026-03-01T12:00:00Z");

describe("A start time", () => {
  it.each([
    ["+90s", 90_000],
    ["+15m", 900_000],
    ["+2h", 7_200_000],
    ["+1d", 86_400_000],
    ["+0s", 0],
    ["2026-03-01T12:30Z", 1_800_000],
    ["2026-03-01T12:00:01.5Z", 1_500],
    ["2026-03-01T14:00:00+01:00", 3_600_000],
  ])("is read from %s", (text, later) => {
    expect(readStartTime(text, now)).toBe(now + later);
  });

  it("is local where it names no zone", () => {
    expect(readStartTime("2026-04-01T09:00", now)).toBe(new Date(2026, 3, 1, 9).getTime());
  });

  it.each([
    "",
    "soon",
    "15m",
    "+15",
    "+1.5h",
    "+-5m",
    "2026-03-02",
    "2026-02-30T09:00Z",
    "12:00",
    "+9999999999d",
  ])("is not %j, which is told with examples", (text) => {
    expect(() => readStartTime(text, now)).toThrow(
      expect.objectContaining({ code: "usage", hint: expect.stringContaining("+15m") }),
    );
  });

  it("lies ahead, by no more than a year", () => {
    expect(() => readStartTime("2026-03-01T11:59Z", now)).toThrow(/is over/);
    expect(() => readStartTime("+400d", now)).toThrow(/more than a year/);
  });
});
