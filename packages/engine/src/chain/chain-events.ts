import type { EventDraft } from "../event/event-draft.ts";
import { isCanonical } from "../event/is-canonical.ts";
import { eventVersion } from "../event/job-event.ts";
import type { Job } from "../job/job.ts";
import type { Digest } from "../port/digest.ts";
import { chainLine, firstLink, linkAfter, linkText } from "./chain-link.ts";
import type { EventLink, LogHead } from "./log-head.ts";

/** What the events of a change do to the chain of their log. */
export interface ChainGrowth {
  readonly logHead: LogHead;
  /** One for all canonical events of the change, kept with the last of them. Absent when there is none. */
  readonly link?: EventLink;
  /** The data of canonical events as the JSON text that the link is over; sparse, in the order of the events. */
  readonly dataTexts?: readonly (string | undefined)[];
}

/**
 * Carries the chain on over events that are appended to a job's log; `now` is the time that they get. Where an earlier
 * version has appended something in between, which knew of no chain, it begins behind that: what is not covered can be
 * told from what was changed.
 */
export function chainEvents(
  job: Pick<Job, "id" | "lastSeq" | "logHead">,
  now: number,
  digest: Digest,
  drafts: readonly EventDraft[],
): ChainGrowth {
  const first = job.lastSeq + 1;
  const seq = job.lastSeq + drafts.length;
  const { link: before, from: begin } = job.logHead ?? { link: firstLink(digest, job.id), from: 1 };
  const isWhole = (job.logHead?.seq ?? 0) === job.lastSeq;
  const from = isWhole ? begin : first;

  let lines = "";
  const dataTexts: (string | undefined)[] = [];
  let last = 0;
  for (const [index, draft] of drafts.entries()) {
    if (!isCanonical(draft)) continue;
    last = first + index;
    const data = JSON.stringify(draft.data);
    dataTexts[index] = data;
    lines += chainLine({ seq: last, at: now, v: eventVersion, type: draft.type, data });
  }
  if (last === 0) return { logHead: { link: before, from, seq } };
  const link = linkAfter(digest, before, from, lines);
  return {
    logHead: { link, from: last + 1, seq },
    link: { seq: last, link: linkText(from, link) },
    dataTexts,
  };
}
