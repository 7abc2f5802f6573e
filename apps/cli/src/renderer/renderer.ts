import type { Clock, Sink } from "@cmo/engine";
import type { Terminal } from "../terminal/terminal.ts";
import type { LearnGrounds } from "./learn-grounds.ts";

/** The ways a run can be shown. */
export const outputModes = ["tty", "plain", "json", "silent"] as const;
/** One of {@link outputModes}. */
export type OutputMode = (typeof outputModes)[number];

/** What a renderer draws with. */
export interface RendererContext {
  terminal: Terminal;
  clock: Clock;
  /** False for ASCII marks. */
  emoji: boolean;
  colors: boolean;
  /** When the job will start, in milliseconds since the epoch; null for at once. */
  startsAt: number | null;
  learnGrounds: LearnGrounds;
}

/** Shows a run while it lasts. */
export interface Renderer {
  readonly sink: Sink;
  /** Something that the person must know now, in one line; null when what was said last is no longer so. */
  notice(text: string | null): void;
  /** Draws the last state and leaves the terminal as it was. To be called in any case, once. */
  close(): Promise<void>;
}

/** How a mode is opened, and where the closing report goes. */
export interface RendererEntry {
  open(context: RendererContext): Promise<Renderer>;
  /** `stderr` where stdout is for machines; `none` says only what went wrong. */
  readonly report: "stdout" | "stderr" | "none";
}
