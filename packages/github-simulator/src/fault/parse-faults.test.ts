import fc from "fast-check";
import { expect, test } from "vitest";
import { createGitHubSimulator } from "../simulator/create-simulator.ts";
import { parseFaults } from "./parse-faults.ts";

test("A list of rules and an object of rates are read, with keys in either case.", () => {
  expect(parseFaults([{ fault: "slow", at: 3, delay_ms: 500, operation: "any" }])).toEqual({
    ok: true,
    rules: [{ fault: "slow", at: 3, delayMs: 500 }],
  });
  expect(
    parseFaults({
      bad_gateway: 0.05,
      secondary_limit: { at: 2, retryAfterSeconds: null, operation: "people" },
    }),
  ).toEqual({
    ok: true,
    rules: [
      { fault: "bad_gateway", rate: 0.05 },
      { fault: "secondary_limit", at: 2, retryAfterSeconds: null, operation: "people" },
    ],
  });
  expect(parseFaults(null)).toEqual({ ok: true, rules: [] });
});

test("Every problem is told at once, with where it is, what was found and what is allowed.", () => {
  const parsed = parseFaults([
    { fault: "bad_gatway", at: 1 },
    { fault: "slow", at: 0, dealy_ms: 5, rate: 2 },
    { at: 1 },
    "slow",
    { fault: "redirect", location: "elsewhere", status: 200, operation: "peeple" },
  ]);
  expect(parsed).toEqual({
    ok: false,
    problems: [
      { path: "[0].fault", message: 'Unknown fault "bad_gatway". Did you mean bad_gateway?' },
      { path: "[1].at", message: "Expected a whole number of at least 1, found 0." },
      { path: "[1].dealy_ms", message: 'Unknown setting "dealy_ms". Did you mean delay_ms?' },
      { path: "[1].rate", message: "Expected a number from 0 to 1, found 2." },
      { path: "[2]", message: expect.stringContaining("The rule names no fault. Known: bad_gateway, ") },
      { path: "[3]", message: 'Expected a rule such as { fault: bad_gateway, at: 1 }, found "slow".' },
      { path: "[4].location", message: 'Expected an absolute URL, found "elsewhere".' },
      { path: "[4].status", message: "Expected 301, 302, 307 or 308, found 200." },
      { path: "[4].operation", message: 'Unknown operation "peeple". Did you mean people?' },
    ],
  });
  expect(parseFaults({ nonsense_entirely: 1, slow: "often" })).toMatchObject({
    problems: [
      { path: "nonsense_entirely", message: expect.stringContaining("Known: bad_gateway") },
      { path: "slow", message: 'Expected a rate from 0 to 1, or settings, found "often".' },
    ],
  });
  expect(parseFaults("all")).toMatchObject({ problems: [{ path: "" }] });
});

test("Whatever is given, parsing ends in rules or in problems.", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const parsed = parseFaults(value);
      expect(parsed.ok ? parsed.rules : parsed.problems).toBeInstanceOf(Array);
    }),
  );
});

test("A simulator is not made with a wrong script.", () => {
  expect(() => createGitHubSimulator({ faults: [{ fault: "slow", rate: 7 }] })).toThrow(
    "[0].rate: Expected a number from 0 to 1",
  );
});
