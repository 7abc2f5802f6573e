import { createClock } from "@cmo/engine";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { type ApiEnv, listen } from "../../src/index.ts";
import { closeWithin } from "../../src/server/close-within.ts";

const clock = createClock(globalThis);

describe("closeWithin", () => {
  it("lets answers that are under way come to their end, and takes no others", async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const app = new Hono<ApiEnv>().get("/", async (context) => {
      begun();
      await asked;
      return context.text("whole");
    });
    const listening = await listen(app);
    const under = fetch(listening.url);
    await hasBegun;
    const closed = closeWithin(listening, 600_000, clock);
    await expect(fetch(listening.url)).rejects.toThrow();
    answer();
    expect(await (await under).text()).toBe("whole");
    await closed;
    expect(listening.server.listening).toBe(false);
  });

  it("cuts off what does not come to its end in time", async () => {
    const app = new Hono<ApiEnv>().get("/", () => new Promise<Response>(() => {}));
    const listening = await listen(app);
    const under = fetch(listening.url).then(
      () => "answered",
      () => "cut",
    );
    await clock.sleep(100);
    await closeWithin(listening, 100, clock);
    expect(await under).toBe("cut");
  });
});
