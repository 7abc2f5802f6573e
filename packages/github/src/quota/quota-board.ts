import type { Clock } from "@cmo/engine";
import * as v from "valibot";
import type { QuotaStep } from "./quota-policy.ts";
import { createQuotaState, type QuotaState, quotaStateSchema } from "./quota-state.ts";

/** Where all who use one token at one host keep what they share: who runs, who waits, and what is left. */
export interface QuotaBoard {
  /** Whether other processes use it too: who waits has to look again by itself. */
  readonly isShared: boolean;
  /**
   * Takes the step that `decide` makes of the state as it stands, alone; `now` is the board's clock. `decide` is pure and may be
   * asked again. Rejects with what keeps the state.
   */
  update<T>(decide: (state: QuotaState, now: number) => QuotaStep<T>): Promise<T>;
}

/** A board for one process. */
export function createMemoryBoard(clock: Pick<Clock, "now">): QuotaBoard {
  let current = createQuotaState();
  return {
    isShared: false,
    async update(decide) {
      const { state, outcome } = decide(current, clock.now());
      current = state;
      return outcome;
    },
  };
}

/**
 * A board over a text that processes share. `updateText` runs its function on the text as it stands, null at first, in a
 * transaction that nothing else can enter. A text that cannot be read is as good as none.
 */
export function createSharedBoard(
  updateText: (decide: (text: string | null, now: number) => string) => Promise<unknown>,
): QuotaBoard {
  return {
    isShared: true,
    async update<T>(decide: (state: QuotaState, now: number) => QuotaStep<T>) {
      let made: { outcome: T } | null = null;
      await updateText((text, now) => {
        const { state, outcome } = decide(readState(text), now);
        made = { outcome };
        return JSON.stringify(state);
      });
      return outcomeOf<T>(made);
    },
  };
}

function readState(text: string | null): QuotaState {
  if (text === null) return createQuotaState();
  try {
    const parsed = v.safeParse(quotaStateSchema, JSON.parse(text));
    return parsed.success ? parsed.output : createQuotaState();
  } catch {
    return createQuotaState();
  }
}

function outcomeOf<T>(made: { outcome: T } | null): T {
  if (made === null) throw new Error("The shared text was not updated.");
  return made.outcome;
}
