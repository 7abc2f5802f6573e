import { channelOf, channels, encodeJobEvent, type JobEvent } from "@cmo/engine";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Dialog } from "../frame/dialog.tsx";
import { saveFile } from "../frame/save-file.ts";
import { VirtualList } from "../frame/virtual-list.tsx";
import type { JobModel } from "../job/job-model.ts";
import { clockText, countText, momentText } from "../text/format.ts";
import { eventLevel, eventText } from "./event-text.ts";
import { createFeedIndex } from "./feed-index.ts";

/** What happens often and tells little is off until somebody wants it. */
const offAtFirst: ReadonlySet<string> = new Set(["tool", "metrics"]);

/** The log, a line an event, with its channels on and off. */
export function EventFeed({ model }: { readonly model: JobModel }): JSX.Element {
  const { timeline, live, place, shown } = model;
  const [on, setOn] = useState<ReadonlySet<string>>(
    () => new Set(channels.filter((one) => !offAtFirst.has(one))),
  );
  const [opened, setOpened] = useState<JobEvent | null>(null);
  // Channels of the future are shown, as there is nothing to switch them off with.
  const index = useMemo(
    () => createFeedIndex((channel) => on.has(channel) || !(channels as readonly string[]).includes(channel)),
    [on, timeline],
  );
  // Told by the live moment that there is more.
  void live.value;
  index.extend(timeline.events(index.looked, timeline.length));
  const { seq } = shown.value;
  const rows = place.value === null ? index.length : index.rowsBefore(seq - timeline.firstSeq + 1);

  return (
    <section class="card feed" aria-label="Events">
      <div class="feed-head">
        <fieldset class="choices">
          <legend class="unseen">Channels</legend>
          {channels.map((channel) => (
            <label key={channel}>
              <input
                type="checkbox"
                checked={on.has(channel)}
                onChange={() => setOn((before) => toggled(before, channel))}
              />
              <span>{channel}</span>
            </label>
          ))}
        </fieldset>
        <button
          type="button"
          onClick={() =>
            saveFile(`${model.jobId}_events.ndjson`, "application/x-ndjson", [
              timeline.events(0, timeline.length).map(encodeJobEvent).join("\n"),
              "\n",
            ])
          }
        >
          Save the log
        </button>
      </div>
      <VirtualList
        class="feed-list"
        label={`Events, ${countText(rows)} shown`}
        count={rows}
        rowHeight={28}
        followsEnd
        row={(row) => {
          const [event] = timeline.events(index.place(row), index.place(row) + 1);
          return event === undefined ? (
            <div key={row} />
          ) : (
            <div key={row} role="listitem">
              <FeedLine event={event} onOpen={setOpened} />
            </div>
          );
        }}
      />
      {opened === null ? null : (
        <Dialog title={`Event ${opened.seq}: ${opened.type}`} isWide onClose={() => setOpened(null)}>
          <p>{momentText(opened.at)}</p>
          <pre class="json">{JSON.stringify(opened, null, 2)}</pre>
        </Dialog>
      )}
    </section>
  );
}

function FeedLine({
  event,
  onOpen,
}: {
  readonly event: JobEvent;
  onOpen(event: JobEvent): void;
}): JSX.Element {
  const text = eventText(event);
  return (
    <button
      type="button"
      class={`feed-line feed-${eventLevel(event)}`}
      title={text}
      onClick={() => onOpen(event)}
    >
      <span class="feed-seq">{event.seq}</span>
      <time dateTime={event.at}>{clockText(event.at)}</time>
      <span class="feed-channel">{channelOf(event.type)}</span>
      <span class="feed-text">{text}</span>
    </button>
  );
}

function toggled(before: ReadonlySet<string>, channel: string): ReadonlySet<string> {
  const next = new Set(before);
  if (!next.delete(channel)) next.add(channel);
  return next;
}
