import type { OutputMode } from "../renderer/renderer.ts";

/** What decides how a run is shown. */
export interface OutputFacts {
  requested: OutputMode | "auto";
  isTty: boolean;
  /** 0 when the terminal does not say. */
  columns: number;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * How a run is shown. Rows are redrawn only on a terminal that knows its width; in CI and on a dumb terminal only when
 * they were asked for. `note` says why a wish was not followed.
 */
export function chooseOutput({ requested, isTty, columns, env }: OutputFacts): {
  mode: OutputMode;
  note: string | null;
} {
  const canRedraw = isTty && columns > 0;
  if (requested === "tty" && !canRedraw) {
    return {
      mode: "plain",
      note: isTty ? "the terminal does not tell its width" : "stdout is not a terminal",
    };
  }
  if (requested !== "auto") return { mode: requested, note: null };
  return { mode: canRedraw && !isSet(env.CI) && env.TERM !== "dumb" ? "tty" : "plain", note: null };
}

/** Whether colours are wanted (no-color.org: any value that is not empty says no). */
export function wantsColors(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}
