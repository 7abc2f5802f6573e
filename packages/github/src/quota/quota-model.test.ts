import fc from "fast-check";
import { expect, test } from "vitest";
import { enter, leave, openLane, type QuotaReport, withdraw } from "./quota-policy.ts";
import { createQuotaState, type QuotaResource, type QuotaState } from "./quota-state.ts";

const terms = { holdMs: 20_000, placeMs: 2_000 };

/** A process of the model: one lane, and requests that it has yet to make. */
interface ModelProcess {
  readonly lane: number;
  readonly cap: number;
  readonly todo: QuotaResource[];
  readonly waiting: { resource: QuotaResource; id: number | null }[];
  readonly running: { resource: QuotaResource; id: number; startedAtMs: number; untilMs: number }[];
  isDead: boolean;
}

/** A GitHub that counts: a point each, charged when a request starts, and a new window every hour. */
interface ModelServer {
  left: Record<QuotaResource, number>;
  readonly points: number;
  resetAtMs: number;
}

type Action =
  | { readonly kind: "ask" | "end" | "giveUp"; readonly process: number; readonly pick: number }
  | {
      readonly kind: "limit";
      readonly process: number;
      readonly pick: number;
      readonly waitMs: number | null;
    }
  | { readonly kind: "die"; readonly process: number }
  | { readonly kind: "pass"; readonly ms: number };

const anyProcess = fc.nat(4);
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("ask"), process: anyProcess, pick: fc.nat(9) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("end"), process: anyProcess, pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("giveUp"), process: anyProcess, pick: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("limit"),
      process: anyProcess,
      pick: fc.nat(9),
      waitMs: fc.option(fc.integer({ min: 1, max: 90_000 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("die"), process: anyProcess }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("pass"), ms: fc.integer({ min: 1, max: 3_000 }) }) },
) as fc.Arbitrary<Action>;

const anyWorld = fc.record({
  caps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
  requests: fc.array(fc.constantFrom<QuotaResource>("graphql", "core"), { minLength: 1, maxLength: 12 }),
  points: fc.integer({ min: 1, max: 12 }),
  actions: fc.array(anyAction, { maxLength: 120 }),
});

test("S27 whatever processes do: no slot too many, nothing starts while limited, no point is spent twice, and all come through", () => {
  fc.assert(
    fc.property(anyWorld, ({ caps, requests, points, actions }) => {
      const model = createModel(caps, requests, points);
      for (const action of actions) model.act(action);
      model.finish();
    }),
    { numRuns: 400 },
  );
});

test("whoever asks first is served first, as long as it keeps asking", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 6 }),
      fc.array(fc.nat(5), { minLength: 30, maxLength: 200 }),
      (count, turns) => {
        let state = createQuotaState();
        const places = new Map<number, number | null>();
        const order: number[] = [];
        const served: number[] = [];
        let running: { id: number } | null = null;
        for (const [now, turn] of turns.entries()) {
          const lane = turn % count;
          if (running !== null && now % 3 === 0) {
            state = leave(state, { ...running, cap: 1, resource: "core" }, answered(now), now).state;
            running = null;
          }
          if (!places.has(lane)) order.push(lane);
          const request = { id: places.get(lane) ?? null, lane, cap: 1, cost: 1, resource: "core" } as const;
          const step = enter(state, request, now, terms);
          state = step.state;
          if (step.outcome.kind === "limited") throw new Error("Nothing is limited.");
          if (step.outcome.kind === "busy") places.set(lane, step.outcome.id);
          else {
            served.push(lane);
            places.delete(lane);
            running = step.outcome;
          }
        }
        expect(served).toEqual(order.slice(0, served.length));
        expect(served.length).toBeGreaterThan(0);
      },
    ),
  );
});

function createModel(caps: readonly number[], requests: readonly QuotaResource[], points: number) {
  let state: QuotaState = createQuotaState();
  let now = 1_000_000;
  let secondaryUntilMs = 0;
  const hourMs = 3_600_000;
  const server: ModelServer = { left: { graphql: points, core: points }, points, resetAtMs: now + hourMs };
  const processes = caps.map((cap): ModelProcess => {
    const opened = openLane(state);
    state = opened.state;
    return { lane: opened.outcome, cap, todo: [...requests], waiting: [], running: [], isDead: false };
  });
  // What is left is known before anybody runs beside another.
  for (const resource of ["graphql", "core"] as const) {
    const quota = {
      reading: { limit: points, remaining: points, resetAtMs: server.resetAtMs },
      clockOffsetMs: 0,
    };
    state = leave(state, { id: -1, cap: 1, resource }, { ...answered(now), quota }, now).state;
  }

  function ask(process: ModelProcess, pick: number): boolean {
    rollWindow();
    const isNew = process.waiting.length === 0 || (pick % 2 === 0 && process.todo.length > 0);
    const resource = isNew ? process.todo.pop() : undefined;
    if (resource !== undefined) process.waiting.push({ resource, id: null });
    const index =
      resource === undefined ? pick % Math.max(1, process.waiting.length) : process.waiting.length - 1;
    const place = process.waiting[index];
    if (place === undefined) return false;
    const { lane, cap } = process;
    const step = enter(state, { ...place, lane, cap, cost: 1 }, now, terms);
    state = step.state;
    const { outcome } = step;
    if (outcome.kind === "busy") place.id = outcome.id;
    if (outcome.kind === "limited") place.id = null;
    if (outcome.kind !== "granted") return false;
    process.waiting.splice(index, 1);
    process.running.push({
      resource: place.resource,
      id: outcome.id,
      startedAtMs: now,
      untilMs: outcome.untilMs,
    });
    expect(now).toBeGreaterThanOrEqual(secondaryUntilMs);
    expect(server.left[place.resource]).toBeGreaterThan(0);
    server.left[place.resource] -= 1;
    check();
    return true;
  }

  function end(process: ModelProcess, pick: number, report: Partial<QuotaReport> = {}): boolean {
    rollWindow();
    const [request] = process.running.splice(pick % Math.max(1, process.running.length), 1);
    if (request === undefined) return false;
    const { left, resetAtMs } = server;
    const reading = { limit: points, remaining: left[request.resource], resetAtMs };
    const said = {
      ...answered(request.startedAtMs),
      quota: { reading, clockOffsetMs: 0 },
      ...report,
    };
    state = leave(state, { ...request, cap: process.cap }, said, now).state;
    return true;
  }

  function rollWindow(): void {
    if (now < server.resetAtMs) return;
    server.resetAtMs = now + hourMs;
    server.left = { graphql: points, core: points };
  }

  function check(): void {
    // A slot whose time is over is nobody's: a process that lives has ended its request by then.
    const alive = processes.map(({ running }) => running.filter(({ untilMs }) => untilMs > now));
    expect(alive.flat().length).toBeLessThanOrEqual(Math.max(...caps));
    for (const [index, { cap }] of processes.entries()) expect(alive[index]?.length).toBeLessThanOrEqual(cap);
    expect(new Set(alive.flat().map(({ id }) => id)).size).toBe(alive.flat().length);
  }

  /** Requests end before their slots do, in processes that live. */
  function pass(ms: number): void {
    now += ms;
    for (const process of processes) {
      if (process.isDead) continue;
      for (let index = process.running.length - 1; index >= 0; index -= 1) {
        if ((process.running[index]?.untilMs ?? now) - now <= 5_000) end(process, index);
      }
    }
  }

  return {
    act(action: Action): void {
      if (action.kind === "pass") {
        pass(action.ms);
        return;
      }
      const process = processes[action.process];
      if (process === undefined || process.isDead) return;
      switch (action.kind) {
        case "ask":
          ask(process, action.pick);
          return;
        case "end":
          end(process, action.pick);
          return;
        case "giveUp": {
          const [place] = process.waiting.splice(action.pick % Math.max(1, process.waiting.length), 1);
          if (place?.id != null) state = withdraw(state, place.id).state;
          return;
        }
        case "limit": {
          const retryAfterMs = action.waitMs;
          if (!end(process, action.pick, { ended: "secondary_limit", retryAfterMs })) return;
          secondaryUntilMs = Math.max(secondaryUntilMs, now + (retryAfterMs ?? 60_000));
          return;
        }
        case "die":
          // One of them lives on.
          if (processes.filter(({ isDead }) => !isDead).length > 1) process.isDead = true;
          return;
        default:
          action satisfies never;
      }
    },
    /** Everybody goes on asking: each round somebody gets on, or time does. */
    finish(): void {
      const living = processes.filter(({ isDead }) => !isDead);
      const open = () =>
        living.some(({ todo, waiting, running }) => todo.length + waiting.length + running.length > 0);
      let quietRounds = 0;
      for (let round = 0; open(); round += 1) {
        if (round > 5_000) throw new Error("Somebody starves.");
        let isMoved = false;
        for (const process of living) {
          for (let place = process.waiting.length + process.todo.length; place > 0; place -= 1)
            isMoved = ask(process, place) || isMoved;
          isMoved = end(process, 0) || isMoved;
        }
        quietRounds = isMoved ? 0 : quietRounds + 1;
        // The dead keep a place for two seconds and a slot for twenty; a window lasts an hour.
        pass(isMoved ? 10 : quietRounds < 30 ? 1_000 : 300_000);
      }
    },
  };
}

function answered(startedAtMs: number): QuotaReport {
  return { startedAtMs, ended: "answered", retryAfterMs: null, quota: null };
}
