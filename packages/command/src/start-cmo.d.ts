import type { ChildProcess } from "node:child_process";

/** The built `cmo` in a process of its own. */
export interface RunningCmo {
  readonly child: ChildProcess;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Both, in the order in which they were heard. */
  said(): string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts `cmo` in a folder, which is its home too, with nothing in its environment but what is given.
 * @throws Error when it is not built.
 */
export function startCmo(
  args: readonly string[],
  folder: string,
  env?: Readonly<Record<string, string>>,
): RunningCmo;

/** Resolves with what a pattern finds in what a process says: its first group, if it has one. @throws Error when it ends before. */
export function heard(running: RunningCmo, pattern: RegExp): Promise<string>;
