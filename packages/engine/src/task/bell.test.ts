import { describe, expect, it } from "vitest";
import { createBell } from "./bell.ts";

async function rang(news: Promise<void>): Promise<boolean> {
  return Promise.race([news.then(() => true), new Promise<boolean>((no) => setImmediate(no, false))]);
}

describe("createBell", () => {
  it("wakes everybody who listened before it rang, and nobody who began after", async () => {
    const bell = createBell();
    const [one, two] = [bell.next(), bell.next()];
    bell.ring();
    const three = bell.next();
    expect([await rang(one), await rang(two), await rang(three)]).toEqual([true, true, false]);
    bell.ring();
    expect(await rang(three)).toBe(true);
  });

  it("loses no ring to one who stopped listening", async () => {
    const bell = createBell();
    void bell.next();
    const news = bell.next();
    bell.ring();
    bell.ring();
    expect(await rang(news)).toBe(true);
  });
});
