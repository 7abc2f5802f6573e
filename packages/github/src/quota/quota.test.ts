import { expect, test } from "vitest";
import { createQuota } from "./quota.ts";

function createScene() {
  const time = { ms: 1_000_000_000 };
  return { time, quota: createQuota(() => time.ms) };
}
const inAnHour = (time: { ms: number }) => time.ms + 3_600_000;

test("with nothing left it waits for the reset and a second", () => {
  const { time, quota } = createScene();
  const resetAtMs = inAnHour(time);
  quota.note("graphql", { limit: 5000, remaining: 0, resetAtMs }, 0);
  expect(quota.admit("graphql", 1)).toEqual({
    kind: "limited",
    untilMs: resetAtMs + 1_000,
    reason: "primary_limit",
  });
  expect(quota.admit("core", 1).kind).toBe("granted");
  time.ms = resetAtMs + 1_000;
  expect(quota.admit("graphql", 1).kind).toBe("granted");
});

test("a local clock that is ahead does not make it come back early", () => {
  const { time, quota } = createScene();
  quota.note("graphql", { limit: 5000, remaining: 0, resetAtMs: time.ms - 240_000 }, 300_000);
  expect(quota.admit("graphql", 1)).toMatchObject({ kind: "limited", untilMs: time.ms + 61_000 });
});

test("requests in flight hold what they may cost", () => {
  const { time, quota } = createScene();
  quota.note("graphql", { limit: 5000, remaining: 3, resetAtMs: inAnHour(time) }, 0);
  expect(quota.admit("graphql", 2).kind).toBe("granted");
  expect(quota.admit("graphql", 2).kind).toBe("reserved");
  expect(quota.admit("graphql", 1).kind).toBe("granted");
  quota.settle("graphql", 2);
  quota.settle("graphql", 1);
  // GitHub answers the last one even when it costs more than is left.
  expect(quota.admit("graphql", 5).kind).toBe("granted");
});

test("answers that arrive in another order do not give quota back, a new window does", () => {
  const { time, quota } = createScene();
  const resetAtMs = inAnHour(time);
  const reading = (remaining: number, at = resetAtMs) =>
    quota.note("core", { limit: 60, remaining, resetAtMs: at }, 0);
  expect(reading(10)).toMatchObject({ remaining: 10 });
  expect(reading(11)).toBeNull();
  expect(reading(10)).toBeNull();
  expect(reading(9, resetAtMs + 1_000)).toMatchObject({ remaining: 9 });
  expect(reading(59, resetAtMs + 3_600_000)).toMatchObject({ remaining: 59 });
  expect(reading(0, resetAtMs)).toBeNull();
});

test("a secondary limit holds every bucket back: as long as it says, else a minute, doubled each time", () => {
  const { time, quota } = createScene();
  quota.pauseSecondary(time.ms, 2_000);
  expect(quota.admit("core", 1)).toMatchObject({ untilMs: time.ms + 2_000, reason: "secondary_limit" });
  time.ms += 2_000;
  quota.recovered();
  for (const minutes of [1, 2, 4, 8]) {
    const startedAtMs = time.ms;
    quota.pauseSecondary(startedAtMs, null);
    quota.pauseSecondary(startedAtMs, null);
    expect(quota.waitMs("graphql")).toBe(minutes * 60_000);
    time.ms += minutes * 60_000;
  }
  quota.recovered();
  quota.pauseSecondary(time.ms, null);
  expect(quota.waitMs("graphql")).toBe(60_000);
});

test("while an answer that looks like a limit is being read nothing starts", async () => {
  const { time, quota } = createScene();
  expect(quota.admit("graphql", 1).kind).toBe("granted");
  const clear = quota.suspectLimit();
  expect(quota.admit("core", 1).kind).toBe("reserved");
  const settled = quota.settled(new AbortController().signal);
  quota.pauseSecondary(time.ms, 2_000);
  clear();
  clear();
  quota.settle("graphql", 1);
  await settled;
  expect(quota.admit("core", 1).kind).toBe("limited");
  time.ms += 2_000;
  expect(quota.admit("core", 1).kind).toBe("granted");
});
