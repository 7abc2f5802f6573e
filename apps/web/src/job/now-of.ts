import type { RunView } from "@cmo/view";

/** What time it is for who looks at a moment: the real one at the end of a live log, else that of its last event. */
export function nowOf({
  view,
  at,
  isLive,
  now,
}: {
  readonly view: RunView;
  readonly at: string | null;
  readonly isLive: boolean;
  readonly now: number;
}): number {
  const isRunning = view.endedAt === null && view.progress.status !== "paused";
  return at === null || (isLive && isRunning) ? now : Date.parse(at);
}
