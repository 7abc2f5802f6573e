import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../store/memory-store.ts";
import { createFakeClock } from "./fake-clock.ts";
import { seededRandom } from "./seeded-random.ts";

describe("createFakeClock", () => {
  it("stands still until it is told to move", async () => {
    const clock = createFakeClock({ now: 1_000 });
    let woken = false;
    void clock.sleep(1).then(() => {
      woken = true;
    });
    await clock.settle();
    expect([clock.now(), woken, clock.sleeping()]).toEqual([1_000, false, 1]);
    await clock.advance(1);
    expect([clock.now(), woken, clock.sleeping()]).toEqual([1_001, true, 0]);
  });

  it("wakes sleepers by their time, then by when they fell asleep, and lets each fall asleep again", async () => {
    const clock = createFakeClock({ now: 0 });
    const log: string[] = [];
    const sleeper = async (name: string, ms: number, again: number) => {
      await clock.sleep(ms);
      log.push(`${name}@${clock.now()}`);
      await clock.sleep(again);
      log.push(`${name}@${clock.now()}`);
    };
    void sleeper("late", 30, 5);
    void sleeper("first", 10, 10);
    void sleeper("second", 10, 1);
    await clock.advance(100);
    expect(log).toEqual(["first@10", "second@10", "second@11", "first@20", "late@30", "late@35"]);
    expect(clock.now()).toBe(100);
  });

  it("wakes a sleeper whose signal aborts, and lets nobody sleep whose signal has aborted", async () => {
    const clock = createFakeClock({ now: 0 });
    const controller = new AbortController();
    const slept = clock.sleep(1_000, controller.signal);
    controller.abort();
    await slept;
    await clock.sleep(1_000, controller.signal);
    expect([clock.now(), clock.sleeping()]).toEqual([0, 0]);
  });

  it("goes from sleeper to sleeper until the work is done", async () => {
    const clock = createFakeClock({ now: 0 });
    const work = (async () => {
      for (let round = 0; round < 3; round += 1) await clock.sleep(1_000);
      return "done";
    })();
    expect(await clock.runUntil(work)).toBe("done");
    expect(clock.now()).toBe(3_000);
    await expect(clock.runUntil(new Promise(() => {}))).rejects.toThrow("nobody sleeps");
    await expect(clock.runUntil(clock.sleep(5_000), 1_000)).rejects.toThrow("within 1000 ms");
    await expect(clock.runUntil(Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });

  it("moves by itself when it is automatic, and only when nothing else can run", async () => {
    const clock = createFakeClock({ now: 0, auto: true });
    const log: string[] = [];
    await Promise.all([
      clock.sleep(20).then(() => log.push("slow")),
      (async () => {
        for (let step = 0; step < 50; step += 1) await Promise.resolve();
        log.push("steps");
        await clock.sleep(10);
        log.push("fast");
      })(),
    ]);
    expect(log).toEqual(["steps", "fast", "slow"]);
    expect(clock.now()).toBe(20);
  });

  it("lets no time pass while the engine loads what it has not loaded yet", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore({ clock, random: seededRandom(1) });
    const log: string[] = [];
    void clock.sleep(1_000).then(() => log.push("woken"));
    void store.listJobs({ limit: 1 }).then(() => log.push("listed"));
    await clock.advance(1_000);
    expect(log).toEqual(["listed", "woken"]);
  });
});
