import type { JSX } from "preact";
import type { JobModel } from "../job/job-model.ts";
import { countText, momentText } from "../text/format.ts";

/** Goes back and forth in a job's log; everything in the page then shows what was known after that event. */
export function Scrubber({ model }: { readonly model: JobModel }): JSX.Element | null {
  const { timeline, live, place, shown } = model;
  const { seq: last } = live.value;
  const { seq, at } = shown.value;
  if (last === 0) return null;
  const isLive = place.value === null;
  const first = Math.max(0, timeline.firstSeq - 1);

  function show(to: number): void {
    const bounded = Math.max(first, Math.min(to, last));
    place.value = bounded >= last ? null : bounded;
  }

  return (
    <div class={`scrubber${isLive ? "" : " scrubber-back"}`}>
      <button
        type="button"
        class="quiet"
        aria-label="One event back"
        disabled={seq <= first}
        onClick={() => show(seq - 1)}
      >
        ‹
      </button>
      <input
        type="range"
        aria-label="Place in the log"
        aria-valuetext={`event ${seq} of ${last}${at === null ? "" : `, ${momentText(at)}`}`}
        min={first}
        max={last}
        step={1}
        value={seq}
        onInput={({ currentTarget }) => show(Number(currentTarget.value))}
      />
      <button
        type="button"
        class="quiet"
        aria-label="One event on"
        disabled={seq >= last}
        onClick={() => show(seq + 1)}
      >
        ›
      </button>
      <span class="scrubber-text">
        event {countText(seq)} of {countText(last)}
        {at === null || isLive ? "" : `, ${momentText(at)}`}
      </span>
      {isLive ? null : (
        <button
          type="button"
          onClick={() => {
            place.value = null;
          }}
        >
          Back to the end
        </button>
      )}
    </div>
  );
}
