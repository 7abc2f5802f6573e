import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { JobModel } from "../job/job-model.ts";
import { countText, momentText } from "../text/format.ts";

/** Goes back and forth in a job's log; everything in the page then shows what was known after that event. */
export function Scrubber({ model }: { readonly model: JobModel }): JSX.Element | null {
  const { timeline, live, place, shown } = model;
  const slider = useRef<HTMLInputElement>(null);
  const { seq: last } = live.value;
  const { seq, at } = shown.value;
  if (last === 0) return null;
  const isLive = place.value === null;
  const first = Math.max(0, timeline.firstSeq - 1);

  function show(to: number): void {
    const bounded = Math.max(first, Math.min(to, last));
    place.value = bounded >= last ? null : bounded;
  }

  /** A button that is gone, or disabled, once it was pressed would leave the keyboard nowhere. */
  function press(to: number): void {
    show(to);
    if (to <= first || to >= last) slider.current?.focus();
  }

  return (
    <div class={`scrubber${isLive ? "" : " scrubber-back"}`}>
      <button
        type="button"
        class="quiet"
        aria-label="One event back"
        disabled={seq <= first}
        onClick={() => press(seq - 1)}
      >
        ‹
      </button>
      <input
        ref={slider}
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
        onClick={() => press(seq + 1)}
      >
        ›
      </button>
      <span class="scrubber-text">
        event {countText(seq)} of {countText(last)}
        {at === null || isLive ? "" : `, ${momentText(at)}`}
      </span>
      {isLive ? null : (
        <button type="button" onClick={() => press(last)}>
          Back to the end
        </button>
      )}
    </div>
  );
}
