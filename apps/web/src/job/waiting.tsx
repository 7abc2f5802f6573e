import type { JobView } from "@cmo/client";
import { isHeld, type RunView } from "@cmo/view";
import type { JSX } from "preact";
import { Notice } from "../frame/notice.tsx";
import { clockText, durationText, momentText, wordsOf } from "../text/format.ts";

/** What a job waits for, and until when. */
export function Waiting({
  view,
  now,
  startsAt,
  schedule,
}: {
  readonly view: RunView;
  readonly now: number;
  readonly startsAt: string | null;
  /** When the campaign runs again by itself; null: it runs once. */
  readonly schedule: JobView["schedule"];
}): JSX.Element | null {
  const { waiting, retryAt, attempt, progress } = view;
  if (progress.status === "paused")
    return <Notice kind="info" title="Paused. Resume goes on where it was." />;
  if (progress.status === "queued" && view.startedAt === null) {
    return startsAt !== null && Date.parse(startsAt) > now ? (
      <Notice kind="info" title={`Starts at ${momentText(startsAt)}`}>
        {schedule === null ? null : (
          <p>
            By its schedule: <code>{schedule.cron}</code> in {schedule.timeZone}
          </p>
        )}
      </Notice>
    ) : (
      <Notice kind="info" title="Waiting for a worker" />
    );
  }
  if (!isHeld(view, now)) return null;
  if (retryAt !== null && retryAt > now) {
    return <Notice kind="warning" title={`Attempt ${attempt + 1} at ${clockText(retryAt)}`} />;
  }
  if (waiting === null) return null;
  return (
    <Notice kind="warning" title={`Waiting until ${clockText(waiting.until)}`}>
      <p>
        {wordsOf(waiting.reason)}: {durationText(waiting.until - now)} left
      </p>
    </Notice>
  );
}
