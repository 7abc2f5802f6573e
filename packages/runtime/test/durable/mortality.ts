import type { Clock, MailPort, Store } from "@cmo/engine";
import type { Fetch } from "@cmo/github";

/** Whether a process ends before its last effect, or right after it, before it hears of it. */
export type Moment = "before" | "after";

/**
 * The life of a simulated process. At effect `at` it is gone, as after `kill -9`: nothing that it asks for happens any
 * more, and nothing that it waits for comes back.
 */
export interface Mortality {
  /** Something that can be seen from outside of the process, or that it waits for. */
  effect<T>(kind: string, work: () => Promise<T>): Promise<T>;
  /** The kinds of all effects so far, in order. */
  effects(): readonly string[];
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  isGone(): boolean;
}

/** A {@link Mortality}. With infinity for `at`, the process lives. */
export function createMortality(at: number, moment: Moment): Mortality {
  const kinds: string[] = [];
  let dead = false;
  let tell = () => {};
  const gone = new Promise<void>((resolve) => {
    tell = resolve;
  });

  function dieAt(ordinal: number, when: Moment): void {
    if (ordinal !== at || moment !== when) return;
    dead = true;
    tell();
  }

  return {
    async effect(kind, work) {
      if (dead) return never;
      kinds.push(kind);
      const ordinal = kinds.length;
      dieAt(ordinal, "before");
      if (dead) return never;
      try {
        const value = await work();
        dieAt(ordinal, "after");
        return dead ? never : value;
      } catch (error) {
        dieAt(ordinal, "after");
        if (dead) return never;
        throw error;
      }
    },
    effects: () => kinds,
    gone,
    isGone: () => dead,
  };
}

/** A store of which each call is an effect; its doorbell is not heard by a process that is gone. */
export function mortalStore(store: Store, mortality: Mortality): Store {
  return new Proxy(store, {
    get(target, key: keyof Store) {
      if (key === "onNews") {
        return (jobId: string | null, ring: () => void) =>
          target.onNews(jobId, () => {
            if (!mortality.isGone()) ring();
          });
      }
      const member = target[key];
      if (typeof member !== "function") return member;
      const call = member as (...parameters: unknown[]) => Promise<unknown>;
      return (...parameters: unknown[]) =>
        mortality.effect(`store.${key}`, () => call.apply(target, parameters));
    },
  });
}

/** A network of which each request is an effect. */
export function mortalFetch(fetch: Fetch, mortality: Mortality): Fetch {
  return (url, init) => mortality.effect("http", () => fetch(url, init));
}

/** A clock of which each sleep is an effect. */
export function mortalClock(clock: Clock, mortality: Mortality): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => mortality.effect("clock.sleep", () => clock.sleep(ms, signal)),
  };
}

/** Mail look-ups of which each is an effect. */
export function mortalMail(mail: MailPort, mortality: Mortality): MailPort {
  return {
    isReserved: (domain) => mail.isReserved(domain),
    lookup: (domain, signal) => mortality.effect("mail.lookup", () => mail.lookup(domain, signal)),
  };
}

const never = new Promise<never>(() => {});
