import { describe, expect, it } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

describe("createVirtualClock", () => {
  it("moves by itself, to the next sleeper, and only when nothing else can run", async () => {
    const clock = createVirtualClock({ now: 1_000 });
    const log: string[] = [];
    await Promise.all([
      clock.sleep(20).then(() => log.push(`slow@${clock.now()}`)),
      (async () => {
        for (let step = 0; step < 50; step += 1) await Promise.resolve();
        log.push(`steps@${clock.now()}`);
        await clock.sleep(10);
        log.push(`fast@${clock.now()}`);
      })(),
    ]);
    expect(log).toEqual(["steps@1000", "fast@1010", "slow@1020"]);
  });

  it("wakes those of the same time in the order in which they fell asleep", async () => {
    const clock = createVirtualClock({ now: 0 });
    const log: number[] = [];
    await Promise.all([3, 1, 2].map((name) => clock.sleep(5).then(() => log.push(name))));
    expect(log).toEqual([3, 1, 2]);
  });

  it("wakes a sleeper whose signal aborts, and lets nobody sleep whose signal has aborted", async () => {
    const clock = createVirtualClock({ now: 0 });
    const controller = new AbortController();
    const slept = clock.sleep(1_000, controller.signal);
    controller.abort();
    await slept;
    await clock.sleep(1_000, controller.signal);
    expect(clock.now()).toBe(0);
  });

  it("tells when a time is reached, and does not go there for it", async () => {
    const clock = createVirtualClock({ now: 0 });
    let reached = false;
    void clock.reached(100).then(() => {
      reached = true;
    });
    await clock.sleep(99);
    expect([clock.now(), reached]).toEqual([99, false]);
    await clock.sleep(50);
    expect([clock.now(), reached]).toEqual([149, true]);
  });

  it("wakes nobody after it was stopped", async () => {
    const clock = createVirtualClock({ now: 0 });
    let woken = false;
    void clock.sleep(1).then(() => {
      woken = true;
    });
    clock.stop();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([clock.now(), woken]).toEqual([0, false]);
  });
});
