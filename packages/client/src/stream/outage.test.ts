import { createFakeClock } from "@cmo/engine/testing";
import { expect, it } from "vitest";
import { createOutage } from "./outage.ts";

const { signal } = new AbortController();

it("counts failed attempts and the waits between them, from the last that was heard", async () => {
  const clock = createFakeClock({ auto: true });
  const outage = createOutage(clock, 75_000);
  outage.begin();
  await clock.sleep(10_000);
  expect(outage.failed()).toBe(10_000);
  await outage.wait(5_000, signal);
  expect([outage.downForMs(), outage.wasHeard()]).toEqual([15_000, false]);
  outage.begin();
  await clock.sleep(1_000);
  outage.heard();
  expect([outage.downForMs(), outage.wasHeard()]).toEqual([0, true]);
  await clock.sleep(2_000);
  expect(outage.failed()).toBe(3_000);
  expect(outage.downForMs()).toBe(2_000);
});

it("counts neither the time a machine slept nor time that was taken back", async () => {
  let now = 0;
  const sleep = async () => {
    now += 3_600_000;
  };
  const outage = createOutage({ now: () => now, sleep }, 75_000);
  outage.begin();
  now += 3_600_000;
  outage.failed();
  expect(outage.downForMs()).toBe(75_000);
  await outage.wait(5_000, signal);
  expect(outage.downForMs()).toBe(80_000);
  outage.begin();
  now -= 7_200_000;
  expect(outage.failed()).toBe(-7_200_000);
  expect(outage.downForMs()).toBe(80_000);
});
