import type { JSX } from "preact";

/** A bar for a share from 0 to 1; null where it is not known how much there is. */
export function ProgressBar({
  share,
  label,
  state = "active",
}: {
  readonly share: number | null;
  readonly label: string;
  readonly state?: "pending" | "active" | "done" | "failed" | "held";
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
