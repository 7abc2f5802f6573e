import { describe, expect, it } from "vitest";
import { twoReaders } from "./two-readers.ts";

/** Counts up, and tells how far it was asked and whether it was closed. */
function counting(last: number) {
  const seen = { given: 0, closed: false };
  async function* items() {
    try {
      for (let item = 1; item <= last; item += 1) {
        seen.given = item;
        yield item;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, items: items() };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("two readers", () => {
  it("get the same items, each of them taken once", async () => {
    const { items, seen } = counting(7);
    const [one, other] = twoReaders(items);
    expect(await Promise.all([all(one), all(other)])).toEqual([
      [1, 2, 3, 4, 5, 6, 7],
      [1, 2, 3, 4, 5, 6, 7],
    ]);
    expect(seen).toEqual({ given: 7, closed: true });
  });

  it("ask for nothing ahead of whoever is first", async () => {
    const { items, seen } = counting(7);
    const [one, other] = twoReaders(items).map((reader) => reader[Symbol.asyncIterator]());
    await one?.next();
    await one?.next();
    expect((await other?.next())?.value).toBe(1);
    expect(seen.given).toBe(2);
  });

  it("close what they read from when one leaves", async () => {
    const { items, seen } = counting(7);
    for await (const item of twoReaders(items)[0]) if (item === 3) break;
    expect(seen).toEqual({ given: 3, closed: true });
  });

  it("both hear of what goes wrong", async () => {
    async function* broken() {
      yield 1;
      throw new Error("nothing more to be had");
    }
    const results = await Promise.allSettled(twoReaders(broken()).map((reader) => all(reader)));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
