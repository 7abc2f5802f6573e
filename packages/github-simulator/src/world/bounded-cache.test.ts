import { expect, test } from "vitest";
import { createBoundedCache } from "./bounded-cache.ts";

test("A bounded cache makes each value once and forgets what was used longest ago.", () => {
  const cache = createBoundedCache<string, string>(2);
  const made: string[] = [];
  const get = (key: string) =>
    cache.get(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect([get("a"), get("b"), get("a"), get("c"), get("a"), get("b")]).toEqual([
    "A",
    "B",
    "A",
    "C",
    "A",
    "B",
  ]);
  expect(made).toEqual(["a", "b", "c", "b"]);
  expect(cache.size).toBe(2);
});
