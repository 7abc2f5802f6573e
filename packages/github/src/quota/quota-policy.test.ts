import { describe, expect, test } from "vitest";
import { enter, leave, type QuotaReport, withdraw } from "./quota-policy.ts";
import { createQuotaState, type QuotaResource, type QuotaState } from "./quota-state.ts";

const start = 1_000_000_000;
const hour = 3_600_000;
const terms = { holdMs: 20_000, placeMs: 2_000 };

/** What is said of a request that asks. */
interface Asking {
  cap?: number;
  cost?: number;
  resource?: QuotaResource;
  id?: number | null;
}

/** A board that a test drives by hand. */
function createScene() {
  let state: QuotaState = createQuotaState();
  const scene = {
    now: start,
    state: () => state,
    enter(lane = 1, { cap = 2, cost = 1, resource = "graphql", id = null }: Asking = {}) {
      const step = enter(state, { id, lane, cap, cost, resource }, scene.now, terms);
      state = step.state;
      return step.outcome;
    },
    /** Enters, and fails when it may not. */
    begin(lane = 1, more: Asking = {}) {
      const outcome = scene.enter(lane, more);
      if (outcome.kind !== "granted") throw new Error(`It is ${outcome.kind}.`);
      const startedAtMs = scene.now;
      return (report: Partial<QuotaReport> = {}) => {
        const { cap = 2, resource = "graphql" } = more;
        const said: QuotaReport = {
          startedAtMs,
          ended: "answered",
          retryAfterMs: null,
          quota: null,
          ...report,
        };
        const step = leave(state, { id: outcome.id, cap, resource }, said, scene.now);
        state = step.state;
        return step.outcome;
      };
    },
    withdraw(id: number) {
      state = withdraw(state, id).state;
    },
  };
  return scene;
}

function reading(remaining: number, resetAtMs: number, clockOffsetMs = 0): Pick<QuotaReport, "quota"> {
  return { quota: { reading: { limit: 5_000, remaining, resetAtMs }, clockOffsetMs } };
}

describe("the primary limit", () => {
  test("with nothing left it waits for the reset and a second, in that bucket", () => {
    const scene = createScene();
    expect(scene.begin()(reading(0, start + hour))).toEqual({
      reading: { limit: 5_000, remaining: 0, resetAtMs: start + hour },
      waitMs: hour + 1_000,
    });
    expect(scene.enter()).toEqual({
      kind: "limited",
      untilMs: start + hour + 1_000,
      reason: "primary_limit",
    });
    expect(scene.enter(1, { resource: "core" }).kind).toBe("granted");
    scene.now += hour + 1_000;
    expect(scene.enter().kind).toBe("granted");
  });

  test("a local clock that is ahead does not make it come back early", () => {
    const scene = createScene();
    scene.begin()(reading(0, start - 240_000, 300_000));
    expect(scene.enter()).toMatchObject({ kind: "limited", untilMs: start + 61_000 });
  });

  test("answers that arrive in another order do not give quota back, a new window does", () => {
    const scene = createScene();
    const said = (remaining: number, resetAtMs = start + hour) =>
      scene.begin(1, { resource: "core" })(reading(remaining, resetAtMs)).reading?.remaining ?? null;
    expect(said(10)).toBe(10);
    expect(said(11)).toBeNull();
    expect(said(10)).toBeNull();
    expect(said(9, start + hour + 1_000)).toBe(9);
    expect(said(59, start + 2 * hour)).toBe(59);
    expect(said(0, start + hour)).toBeNull();
  });

  test("the reset that a refusal names counts, also when it is earlier than the one that is known", () => {
    const scene = createScene();
    scene.begin()(reading(4_000, start + hour));
    const { waitMs } = scene.begin()({ ended: "primary_limit", ...reading(0, start + 60_000) });
    expect(waitMs).toBe(61_000);
    scene.now += 61_000;
    // What the hour before said is no longer of interest.
    expect(scene.begin()(reading(4_999, start + 60_000 + hour)).reading?.remaining).toBe(4_999);
  });

  test("an answer from before the refusal does not lift it", () => {
    const scene = createScene();
    scene.begin()(reading(4_000, start + hour));
    const late = scene.begin();
    scene.begin()({ ended: "primary_limit", ...reading(0, start + 60_000) });
    expect(late(reading(3_999, start + hour)).waitMs).toBe(61_000);
  });

  test.each([
    ["retry-after over everything", { retryAfterMs: 5_000 }, null, 5_000],
    ["the known reset where it names none", {}, 10, hour + 1_000],
    ["a minute where nothing is known", {}, null, 60_000],
    ["a minute where what it names is over", reading(0, start - 1), null, 60_000],
  ])("is waited out by %s", (_, refusal, known, waitMs) => {
    const scene = createScene();
    if (known !== null) scene.begin()(reading(known, start + hour));
    expect(scene.begin()({ ended: "primary_limit", ...refusal }).waitMs).toBe(waitMs);
  });

  test("requests under way hold what they may cost", () => {
    const scene = createScene();
    const cap = 9;
    scene.begin(1, { cap })(reading(3, start + hour));
    const first = scene.begin(1, { cap, cost: 2 });
    expect(scene.enter(2, { cap, cost: 2 }).kind).toBe("busy");
    // Whoever came first goes first, even if somebody else would make do with what is left.
    expect(scene.enter(3, { cap, cost: 1 }).kind).toBe("busy");
    expect(scene.enter(3, { cap, cost: 1, resource: "core" }).kind).toBe("granted");
    first(reading(1, start + hour));
    // GitHub answers the last one even when it costs more than is left.
    expect(scene.enter(2, { cap, cost: 2, id: 3 }).kind).toBe("granted");
  });
});

describe("a secondary limit", () => {
  test("holds every bucket back: as long as it says, else a minute, doubled each time", () => {
    const scene = createScene();
    scene.begin()({ ended: "secondary_limit", retryAfterMs: 2_000 });
    expect(scene.enter(1, { resource: "core" })).toMatchObject({
      untilMs: start + 2_000,
      reason: "secondary_limit",
    });
    scene.now += 2_000;
    scene.begin()();
    for (const minutes of [1, 2, 4, 8]) {
      // One at a time by now: the other one had started before.
      const end = scene.begin();
      expect(end({ ended: "secondary_limit" }).waitMs).toBe(minutes * 60_000);
      scene.now += minutes * 60_000;
    }
    scene.begin()();
    expect(scene.begin()({ ended: "secondary_limit" }).waitMs).toBe(60_000);
  });

  test("that two meet together is one", () => {
    const scene = createScene();
    const cap = 4;
    const [one, other] = [scene.begin(1, { cap }), scene.begin(1, { cap })];
    expect(one({ ended: "secondary_limit" }).waitMs).toBe(60_000);
    expect(other({ ended: "secondary_limit" }).waitMs).toBe(60_000);
    scene.now += 60_000;
    expect(startAll(scene, 1, cap)).toBe(2);
  });

  test("halves how many run at once, and these recover one by one after ten answers", () => {
    const scene = createScene();
    const cap = 4;
    scene.begin(1, { cap })({ ended: "secondary_limit", retryAfterMs: 1_000 });
    scene.now += 1_000;
    const ends = [scene.begin(1, { cap }), scene.begin(1, { cap })];
    expect(scene.enter(1, { cap }).kind).toBe("busy");
    scene.now += terms.placeMs;
    for (const end of ends) end();
    for (const expected of [3, 4]) {
      for (let answer = 0; answer < (expected === 3 ? 8 : 10); answer += 1) scene.begin(1, { cap })();
      expect(startAll(scene, 1, cap)).toBe(expected);
      scene.now += terms.holdMs;
    }
  });
});

describe("slots", () => {
  test("are as many as the largest of the numbers, and each lane has its own", () => {
    const scene = createScene();
    expect(startAll(scene, 1, 1)).toBe(1);
    expect(startAll(scene, 2, 3)).toBe(2);
    expect(startAll(scene, 3, 1)).toBe(0);
  });

  test("are given in the order of asking, whoever asks again first", () => {
    const scene = createScene();
    const end = scene.begin(1, { cap: 1 });
    const second = scene.enter(2, { cap: 1 });
    const third = scene.enter(3, { cap: 1 });
    expect([second, third]).toMatchObject([
      { kind: "busy", ahead: 0, laneHeld: 0 },
      { kind: "busy", ahead: 1, laneHeld: 0 },
    ]);
    end();
    // The one who has just ended, and the third, come too early.
    expect(scene.enter(1, { cap: 1 }).kind).toBe("busy");
    expect(scene.enter(3, { cap: 1, id: idOf(third) }).kind).toBe("busy");
    expect(scene.enter(2, { cap: 1, id: idOf(second) }).kind).toBe("granted");
  });

  test("are not kept for who cannot use them: its lane is full, its bucket is limited, it gave up, or it is dead", () => {
    const scene = createScene();
    scene.begin(1, { cap: 1 });
    expect(scene.enter(1, { cap: 1 }).kind).toBe("busy");
    expect(scene.enter(2, { cap: 2 }).kind).toBe("granted");
    const waiting = scene.enter(3, { cap: 2 });
    scene.now += terms.placeMs - 1;
    expect(scene.enter(4, { cap: 3 }).kind).toBe("busy");
    scene.withdraw(idOf(waiting));
    expect(scene.enter(4, { cap: 3, id: idOf(waiting) + 1 }).kind).toBe("granted");
    expect(scene.enter(5, { cap: 3 }).kind).toBe("busy");
    scene.now += terms.holdMs;
    // All of them are long dead.
    expect(scene.enter(6, { cap: 1 }).kind).toBe("granted");
    expect(scene.state()).toMatchObject({ held: [{ lane: 6 }], waiting: [] });
  });

  test("that was given up for dead may still end, and is heard", () => {
    const scene = createScene();
    const end = scene.begin(1, { cap: 1 });
    scene.now += terms.holdMs;
    const other = scene.begin(2, { cap: 1 });
    expect(end({ ended: "secondary_limit", retryAfterMs: 5_000 }).waitMs).toBe(5_000);
    expect(scene.state().held).toHaveLength(1);
    other();
    expect(scene.state().held).toHaveLength(0);
  });

  test("asking again changes nothing as a rule", () => {
    const scene = createScene();
    scene.begin(1, { cap: 1 });
    const id = idOf(scene.enter(2, { cap: 1 }));
    const before = JSON.stringify(scene.state());
    scene.now += terms.placeMs / 2 - 1;
    scene.enter(2, { cap: 1, id });
    expect(JSON.stringify(scene.state())).toBe(before);
    scene.now += 1;
    scene.enter(2, { cap: 1, id });
    expect(scene.state().waiting[0]?.untilMs).toBe(scene.now + terms.placeMs);
  });
});

function startAll(scene: ReturnType<typeof createScene>, lane: number, cap: number): number {
  let started = 0;
  for (;;) {
    const outcome = scene.enter(lane, { cap });
    if (outcome.kind === "granted") started += 1;
    else {
      if (outcome.kind === "busy") scene.withdraw(outcome.id);
      return started;
    }
  }
}

function idOf(outcome: ReturnType<ReturnType<typeof createScene>["enter"]>): number {
  if (outcome.kind === "limited") throw new Error("It has no place.");
  return outcome.id;
}
