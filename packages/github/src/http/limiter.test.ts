import { expect, test } from "vitest";
import { createLimiter } from "./limiter.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function startAll(limiter: ReturnType<typeof createLimiter>, count: number) {
  const running: (() => void)[] = [];
  for (let index = 0; index < count; index += 1) {
    limiter.acquire(new AbortController().signal).then(
      (release) => running.push(release),
      () => {},
    );
  }
  await turn();
  return { running };
}

test("never more than the maximum run at once, in the order they came", async () => {
  const limiter = createLimiter(2);
  const { running } = await startAll(limiter, 5);
  expect(running).toHaveLength(2);
  running[0]?.();
  running[0]?.();
  await turn();
  expect(running).toHaveLength(3);
});

test("halved, it lets those that run end first, and recovers slot by slot after ten answers", async () => {
  const limiter = createLimiter(4);
  const { running } = await startAll(limiter, 20);
  limiter.halve();
  running[0]?.();
  running[1]?.();
  await turn();
  expect(running).toHaveLength(4);
  running[2]?.();
  await turn();
  expect(running).toHaveLength(5);
  for (let answer = 0; answer < 10; answer += 1) limiter.recovered();
  await turn();
  expect(running).toHaveLength(6);
});

test("one that gave up waiting takes no slot", async () => {
  const limiter = createLimiter(1);
  const first = await limiter.acquire(new AbortController().signal);
  const abort = new AbortController();
  const waiting = limiter.acquire(abort.signal);
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  first();
  await limiter.acquire(new AbortController().signal);
});
