import type { Problem } from "../result/problem.ts";

/** Problems as they are found, of which a bounded number is kept. */
export interface ProblemList {
  add(problem: Problem): void;
  /** Whether another problem would only be counted. */
  isFull(): boolean;
  /** How many were added. */
  count(): number;
  /** What was kept; a last one says how many more there are. */
  list(): Problem[];
}

/** How many problems are told before the rest is only counted. */
const toldProblems = 50;

/** An empty {@link ProblemList} that keeps {@link toldProblems}. */
export function createProblemList(): ProblemList {
  const kept: Problem[] = [];
  let count = 0;
  return {
    add(problem) {
      count++;
      if (kept.length < toldProblems) kept.push(problem);
    },
    isFull: () => kept.length >= toldProblems,
    count: () => count,
    list() {
      const more = count - kept.length;
      return more === 0
        ? [...kept]
        : [...kept, { path: [], message: `and ${more} more problem${more === 1 ? "" : "s"}` }];
    },
  };
}
