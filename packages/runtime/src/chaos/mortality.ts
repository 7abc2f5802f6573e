/** Whether a process ends right before an effect, or right after it, before it hears of it. */
export type Moment = "before" | "after";

/** Both moments. */
export const moments: readonly Moment[] = ["before", "after"];

/**
 * The life of a process that is only simulated. At its last effect it is gone, as after `kill -9`: nothing that it asks
 * for happens any more, and nothing that it waits for comes back.
 */
export interface Mortality {
  /** Something that can be seen from outside of the process, or that the process waits for. */
  effect<T>(kind: string, work: () => Promise<T>): Promise<T>;
  /** The kinds of all effects so far, in the order in which they began. */
  effects(): readonly string[];
  /** Resolves when the process is gone; never, when it lives on. */
  readonly gone: Promise<void>;
  isGone(): boolean;
}

/** When a process ends: at the effect with this number, from 1. Nothing: it lives. */
export interface LastEffect {
  readonly effect: number;
  readonly moment: Moment;
}

/** A {@link Mortality}. What was on its way when the process ended goes on outside of it, and is not heard of. */
export function createMortality(last?: LastEffect): Mortality {
  const kinds: string[] = [];
  let dead = false;
  let tell = () => {};
  const gone = new Promise<void>((resolve) => {
    tell = resolve;
  });

  function reach(effect: number, moment: Moment): void {
    if (effect !== last?.effect || moment !== last.moment) return;
    dead = true;
    tell();
  }

  return {
    async effect(kind, work) {
      if (dead) return never;
      kinds.push(kind);
      const ordinal = kinds.length;
      reach(ordinal, "before");
      if (dead) return never;
      try {
        const value = await work();
        reach(ordinal, "after");
        return dead ? never : value;
      } catch (error) {
        reach(ordinal, "after");
        if (dead) return never;
        throw error;
      }
    },
    effects: () => kinds,
    gone,
    isGone: () => dead,
  };
}

const never = new Promise<never>(() => {});
