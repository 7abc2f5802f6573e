import type { JobState, JobView } from "@cmo/client";
import { initialProgress, type Progress } from "@cmo/engine";

/** A job as the list shows it: what was said of it once, and how it stands by its events. */
export interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly progress: Progress;
  readonly lastSeq: number;
  /** Null until it was asked for. */
  readonly view: JobView | null;
}

/** A row from what the API says of a job. */
export function rowOfView(view: JobView): JobRow {
  const progress: Progress = {
    ...initialProgress([]),
    status: view.status,
    stage: view.stage,
    percent: view.percent,
    metrics: metricsOf(view),
  };
  return { id: view.id, name: view.name, progress, lastSeq: view.lastSeq, view };
}

/** A row with what the API says now; what its events have said since stays. */
export function withView(row: JobRow, view: JobView): JobRow {
  return view.lastSeq >= row.lastSeq ? { ...row, name: view.name, view } : { ...row, view };
}

/** The state to show: the API's own word where it is about the same status, which events alone do not tell. */
export function stateOfRow({ progress, view }: JobRow): JobState {
  return view !== null && view.status === progress.status ? view.state : progress.status;
}

/** How many leads may be contacted, as far as it is known. */
export function contactableOf({ progress, view }: JobRow): number | null {
  return progress.metrics.contactable ?? progress.metrics.qualified ?? view?.contactable ?? null;
}

function metricsOf({ leads, contactable }: JobView): Record<string, number> {
  return { ...(leads === null ? {} : { leads }), ...(contactable === null ? {} : { contactable }) };
}
