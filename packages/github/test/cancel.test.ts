import fc from "fast-check";
import { expect, test } from "vitest";
import { collect, createScene, errorOf, idsOf } from "./fixture.ts";
import { answerPeople, badGateway, json } from "./scripted-fetch.ts";

/** A GitHub with everything that makes the source wait: slow answers, faults, limits, REST for addresses. */
function createBusyScene() {
  const scene = createScene(async (request, ordinal) => {
    await scene.clock.sleep(150, request.init.signal);
    if (request.init.method === "GET") {
      const number = Number(request.url.split("-")[1]);
      return json({ id: number, login: `imaginary-${number}`, email: null });
    }
    if (/ email /.test(request.document))
      return json({ data: null, errors: [{ type: "INSUFFICIENT_SCOPES", message: "" }] });
    if (ordinal % 4 === 0) return badGateway();
    if (ordinal % 7 === 0) return json({}, 429, { "retry-after": "3" });
    if (ordinal % 9 === 0) return "hang";
    return answerPeople(request);
  });
  return scene;
}

test("cancelled at any moment it stops at once and leaves nothing running", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60_000), async (abortAfterMs) => {
      const scene = createBusyScene();
      const calls = [idsOf(30), idsOf(30, "V_")].map((ids) => collect(scene.source.people(ids, scene.call)));
      const ended = Promise.allSettled(calls);
      const timer = scene.clock.sleep(abortAfterMs).then(() => scene.call.abort.abort());
      await scene.clock.run(timer);
      const abortedAtMs = scene.clock.now();
      const settled = await scene.clock.run(ended);
      expect(scene.clock.now()).toBe(abortedAtMs);
      for (const result of settled) {
        if (result.status === "rejected")
          expect(result.reason).toMatchObject({ code: "cancelled", retryable: false });
        else expect(result.value).toHaveLength(30);
      }
      expect(scene.clock.sleeping()).toBe(0);
      expect(scene.github.inFlight()).toBe(0);
      expect(scene.call.tools.every((tool) => tool.outcome !== null)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("it does not wait for a fetch that does not care about its signal", async () => {
  const scene = createScene(() => new Promise<never>(() => {}));
  const answers = errorOf(collect(scene.source.people(["U_1"], scene.call)));
  while (scene.github.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  scene.call.abort.abort();
  expect(await answers).toMatchObject({ code: "cancelled" });
  expect(scene.call.tools[0]?.outcome).toMatchObject({ ok: false, error: "cancelled" });
  expect(scene.clock.sleeping()).toBe(0);
});

test("a call that is already cancelled asks nothing", async () => {
  const scene = createScene((request) => answerPeople(request));
  scene.call.abort.abort();
  expect(await errorOf(collect(scene.source.people(["U_1"], scene.call)))).toMatchObject({
    code: "cancelled",
  });
  expect(await errorOf(scene.source.preflight(scene.call))).toMatchObject({ code: "cancelled" });
  expect(scene.github.requests).toHaveLength(0);
});

test("a reader who stops reading stops the requests for addresses", async () => {
  const scene = createBusyScene();
  const read = async () => {
    for await (const _ of scene.source.people(idsOf(20), scene.call)) break;
  };
  await scene.clock.run(read());
  const asked = scene.github.requests.length;
  expect(scene.github.inFlight()).toBe(0);
  expect(scene.clock.sleeping()).toBe(0);
  await scene.clock.run(scene.clock.sleep(60_000));
  expect(scene.github.requests).toHaveLength(asked);
});

test("one call's cancellation does not touch another's, nor take its slot", async () => {
  const scene = createScene(
    async (request) => {
      await scene.clock.sleep(100, request.init.signal);
      return answerPeople(request);
    },
    { concurrency: 1 },
  );
  const other = createScene(() => "hang").call;
  const cancelled = errorOf(collect(scene.source.people(["U_1"], other)));
  const queued = errorOf(collect(scene.source.people(["U_2"], other)));
  const answers = collect(scene.source.people(["U_3"], scene.call));
  other.abort.abort();
  expect(await scene.clock.run(cancelled)).toMatchObject({ code: "cancelled" });
  expect(await scene.clock.run(queued)).toMatchObject({ code: "cancelled" });
  expect(await scene.clock.run(answers)).toHaveLength(1);
});
