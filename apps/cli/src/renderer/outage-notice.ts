import type { Outage } from "../place/campaigns.ts";
import { timeOfDay } from "../view/clock-text.ts";
import type { OutputMode, Renderer } from "./renderer.ts";

/**
 * Tells whoever watches that the place of a job is not heard of, and takes it back when it is. Rows have one line for
 * it, which says when it is tried next; where lines stay, one says that it began and one that it is over.
 */
export function outageNotice(
  placeName: string,
  { renderer, mode }: { renderer: Renderer; mode: OutputMode },
): (outage: Outage | null) => void {
  let isAway = false;
  return (outage) => {
    if (outage === null) {
      if (isAway && mode !== "tty") renderer.notice(`${placeName} answers again; nothing was missed.`);
      if (isAway) renderer.notice(null);
      isAway = false;
      return;
    }
    const { since, nextTryAt, reason } = outage;
    if (mode === "tty") {
      renderer.notice(`API away since ${time(since)}, next try ${time(nextTryAt)}`);
    } else if (!isAway) {
      renderer.notice(
        `${reason} Away since ${time(since)}, next try at ${time(nextTryAt)}, until it is back.`,
      );
    }
    isAway = true;
  };
}

function time(at: number): string {
  return timeOfDay(at, at);
}
