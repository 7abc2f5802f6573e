import type { TaskCache, TaskItem } from "@cmo/engine";

/** When answers that other jobs were given will do. */
export interface AnswerCache {
  /** What they depend on beside what is asked. */
  readonly scope: string;
  /** No answer may be older, whatever its kind; null: as old as its kind may be. */
  readonly maxAgeMs: number | null;
}

/** A day in milliseconds. */
export const dayMs = 86_400_000;

/** The part of a task's options that says which answers of other jobs will do; empty without a cache. */
export function taskCache<I>(
  cache: AnswerCache | null,
  ageMs: number,
  versionOf?: (item: TaskItem<I>) => string,
): { cache?: TaskCache<I> } {
  if (cache === null) return {};
  return {
    cache: {
      scope: cache.scope,
      maxAgeMs: Math.min(ageMs, cache.maxAgeMs ?? ageMs),
      ...(versionOf === undefined ? {} : { versionOf }),
    },
  };
}
