import type { JobStatus } from "@cmo/engine";
import type { JSX } from "preact";

/** How a bar is drawn. */
export type BarState = "pending" | "active" | "done" | "failed" | "held";

/** A bar for a share from 0 to 1; null where it is not known how much there is. */
export function ProgressBar({
  share,
  label,
  state = "active",
}: {
  readonly share: number | null;
  readonly label: string;
  readonly state?: BarState;
}): JSX.Element {
  const percent = share === null ? null : Math.min(100, Math.floor(share * 100));
  return (
    <div
      class={`bar bar-${state}${percent === null ? " bar-unknown" : ""}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { "aria-valuenow": percent })}
    >
      <div class="bar-fill" style={{ transform: `scaleX(${percent === null ? 1 : (share ?? 0)})` }} />
    </div>
  );
}

/** How the bar of a whole job is drawn. */
export function barStateOf(status: JobStatus): BarState {
  switch (status) {
    case "queued":
      return "pending";
    case "running":
      return "active";
    case "paused":
      return "held";
    case "completed":
      return "done";
    case "failed":
    case "cancelled":
      return "failed";
    default:
      return status satisfies never;
  }
}
