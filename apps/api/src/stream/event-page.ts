import { CmoError, encodeJobEvent, isTerminalEvent, type JobEvent } from "@cmo/engine";
import type { EventView } from "./event-view.ts";

/** Some events of a page, as a view shows them. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** The seq up to which it goes. */
  readonly last: number;
}

/** Events of one log that follow each other, encoded once, as every reader wants them. */
export interface EventPage {
  /** The seq of its first event. */
  readonly first: number;
  /** The seq of its last event. */
  readonly last: number;
  /** Whether the log ends with it. */
  readonly endsLog: boolean;
  /** When its events happened, in milliseconds since the epoch. */
  times(): readonly number[];
  /** What it holds in memory. */
  readonly byteLength: number;
  /**
   * What a view shows of the events with a seq greater than `after`: whole events, at most `limit` bytes of them but
   * at least one. The bytes are shared: nobody may change them.
   */
  piece(view: EventView, after: number, limit: number): Piece;
}

interface Rendering {
  readonly bytes: Buffer;
  /** Where each event ends. One that is not shown ends where the one before does. */
  readonly ends: Uint32Array;
}

/**
 * A page of events that follow `after`. Each is encoded once, as a whole SSE frame; the other forms are parts of it.
 * @throws CmoError `invariant_violated` when there is a gap.
 */
export function createEventPage(events: readonly JobEvent[], after: number): EventPage {
  const frames = frame(events, after);
  // Not the events themselves: what they hold is in the bytes.
  const types = events.map(({ type }) => type);
  const times = events.map(({ at }) => at);
  const renderings = new Map<string, Rendering>();
  const last = after + types.length;
  return {
    first: after + 1,
    last,
    endsLog: types.some((type) => isTerminalEvent({ type })),
    times: () => times.map((at) => Date.parse(at)),
    byteLength: frames.bytes.byteLength,
    piece(view, from, limit) {
      const { bytes, ends } = render(view);
      const begin = Math.max(0, from - after);
      const start = begin === 0 ? 0 : (ends[begin - 1] ?? bytes.byteLength);
      if (bytes.byteLength <= limit) return { bytes: start === 0 ? bytes : bytes.subarray(start), last };
      let index = begin;
      while (index + 1 < ends.length && (ends[index + 1] ?? 0) - start <= limit) index += 1;
      // A copy: whoever takes it slowly is not to hold the whole of a large page.
      return {
        bytes: Buffer.from(bytes.subarray(start, ends[index])),
        last: Math.min(last, after + index + 1),
      };
    },
  };

  function render(view: EventView): Rendering {
    if (view.numbered && view.form === "sse" && view.accepts === null) return frames;
    const known = renderings.get(view.key);
    if (known !== undefined) return known;
    const rendering = select(types, after, frames, view);
    renderings.set(view.key, rendering);
    return rendering;
  }
}

const dataField = "data: ";

function frame(events: readonly JobEvent[], after: number): Rendering {
  const texts = events.map((event, index) => {
    if (event.seq !== after + index + 1) {
      const message = `The log of ${event.jobId} goes from ${after + index} to ${event.seq}.`;
      throw new CmoError("invariant_violated", message);
    }
    // JSON has no line ends of its own, so that an event is one field.
    return `${idLine(event.seq)}${dataField}${encodeJobEvent(event)}\n\n`;
  });
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    end += Buffer.byteLength(text);
    ends[index] = end;
  }
  return { bytes: Buffer.from(texts.join("")), ends };
}

function select(types: readonly string[], after: number, frames: Rendering, view: EventView): Rendering {
  const parts: Buffer[] = [];
  const ends = new Uint32Array(types.length);
  let end = 0;
  for (const [index, type] of types.entries()) {
    if (view.accepts === null || view.accepts(type)) {
      const start = index === 0 ? 0 : (frames.ends[index - 1] ?? 0);
      const part = partOf(frames.bytes.subarray(start, frames.ends[index]), after + index + 1, view);
      parts.push(part);
      end += part.byteLength;
    }
    ends[index] = end;
  }
  return { bytes: Buffer.concat(parts), ends };
}

function partOf(whole: Buffer, seq: number, { form, numbered }: EventView): Buffer {
  if (form === "ndjson") return whole.subarray(idLine(seq).length + dataField.length, -1);
  return numbered ? whole : whole.subarray(idLine(seq).length);
}

function idLine(seq: number): string {
  return `id: ${seq}\n`;
}
