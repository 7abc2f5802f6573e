import { expect, it } from "vitest";
import { readRetryAfterMs } from "./retry-after.ts";

const now = Date.parse("2030-01-01T00:00:00.000Z");
const read = (headers: Record<string, string>) => readRetryAfterMs(new Headers(headers), now);

it("is given in seconds, or as a date by the server's own clock", () => {
  expect(read({ "retry-after": "7" })).toBe(7_000);
  expect(read({ "retry-after": " 0.5 " })).toBe(500);
  expect(read({ "retry-after": "Tue, 01 Jan 2030 00:00:30 GMT" })).toBe(30_000);
  expect(read({ "retry-after": "Mon, 31 Dec 2029 00:00:00 GMT" })).toBe(0);
  const date = "Mon, 01 Jan 2029 00:00:00 GMT";
  expect(read({ "retry-after": "Mon, 01 Jan 2029 00:00:09 GMT", date })).toBe(9_000);
});

it.each([
  {},
  { "retry-after": "" },
  { "retry-after": "soon" },
  { "retry-after": "-1" },
  { "retry-after": "1e9" },
])("is nothing in %j", (headers) => expect(read(headers)).toBeNull());
