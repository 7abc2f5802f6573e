import fc from "fast-check";

/** What may happen next. */
export type Command =
  | { readonly do: "submit"; readonly priority: number; readonly delayMs: number; readonly fails: number }
  | { readonly do: "pause" | "resume" | "cancel" | "retry"; readonly job: number }
  | { readonly do: "start"; readonly concurrency: number }
  | {
      readonly do: "stop" | "crash" | "freeze" | "wake" | "loseAnswer" | "oversleep";
      readonly worker: number;
    }
  | { readonly do: "advance" | "jump"; readonly ms: number };

/** Any of them. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("submit" as const),
      priority: fc.nat(2),
      delayMs: fc.constantFrom(0, 0, 400),
      fails: fc.constantFrom(0, 0, 1, 9),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("pause" as const, "resume" as const, "cancel" as const, "retry" as const),
      job: fc.nat(5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("start" as const), concurrency: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "stop" as const,
        "crash" as const,
        "freeze" as const,
        "wake" as const,
        "loseAnswer" as const,
        "oversleep" as const,
        "oversleep" as const,
      ),
      worker: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("jump" as const),
      ms: fc.constantFrom(-3_600_000, -20_000, 20_000, 40_000, 3_600_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      ms: fc.constantFrom(0, 1, 30, 90, 150, 700, 31_000),
    }),
  },
);
