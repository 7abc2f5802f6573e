import { describe, expect, it } from "vitest";
import { createClock } from "./clock.ts";

function fakeTimers() {
  const set: { callback: () => void; ms: number }[] = [];
  const cleared: unknown[] = [];
  const timers = {
    setTimeout(callback: () => void, ms: number) {
      set.push({ callback, ms });
      return set.length;
    },
    clearTimeout(handle: never) {
      cleared.push(handle);
    },
  };
  return { set, cleared, clock: createClock(timers) };
}

describe("createClock", () => {
  it("sleeps on the host's timers", async () => {
    const { set, clock } = fakeTimers();
    let woken = false;
    const slept = clock.sleep(250).then(() => {
      woken = true;
    });
    expect(set[0]?.ms).toBe(250);
    expect(woken).toBe(false);
    set[0]?.callback();
    await slept;
  });

  it("wakes on abort, lets go of the timer, and never rejects", async () => {
    const { set, cleared, clock } = fakeTimers();
    const controller = new AbortController();
    const slept = clock.sleep(1_000, controller.signal);
    controller.abort(new Error("stop"));
    await slept;
    expect(cleared).toEqual([1]);
    await clock.sleep(1_000, controller.signal);
    expect(set).toHaveLength(1);
  });

  it("asks for no time that a host's timer cannot hold", () => {
    const { set, clock } = fakeTimers();
    void clock.sleep(10 ** 12);
    void clock.sleep(-5);
    expect(set.map((timer) => timer.ms)).toEqual([2 ** 31 - 1, 0]);
  });

  it("works with the timers of Node", async () => {
    const clock = createClock(globalThis);
    const before = clock.now();
    await clock.sleep(1);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
  });
});
