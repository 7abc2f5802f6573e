import type { ProgressStage } from "@cmo/engine";
import { isHeld, type RunView, type StageView } from "@cmo/view";
import type { JSX } from "preact";
import { ProgressBar } from "../frame/progress-bar.tsx";
import { countText, durationText } from "../text/format.ts";

/** Each stage with its own bar and counter. */
export function StageList({ view, now }: { readonly view: RunView; readonly now: number }): JSX.Element {
  const held = isHeld(view, now) || view.progress.status !== "running";
  return (
    <section class="card" aria-label="Stages">
      <h2>Stages</h2>
      <ol class="stages">
        {view.progress.stages.map((stage) => (
          <Stage
            key={stage.id}
            stage={stage}
            view={view.stages[stage.id]}
            now={now}
            held={held}
            isFailed={view.endedAt !== null && stage.state === "active"}
          />
        ))}
      </ol>
      {view.progress.stages.length === 0 ? <p class="empty">No stage is known yet.</p> : null}
    </section>
  );
}

function Stage({
  stage,
  view,
  now,
  held,
  isFailed,
}: {
  readonly stage: ProgressStage;
  readonly view: StageView | undefined;
  readonly now: number;
  readonly held: boolean;
  readonly isFailed: boolean;
}): JSX.Element {
  const share = stage.state === "done" ? 1 : stage.itemsTotal === null ? null : (view?.shownShare ?? 0);
  const state = isFailed ? "failed" : stage.state;
  return (
    <li class={`stage stage-${stage.state}`}>
      <span class="stage-name">{stage.id}</span>
      <ProgressBar
        share={stage.state === "pending" ? 0 : share}
        label={`Progress of ${stage.id}`}
        state={state}
      />
      <span class="stage-count">{countOf(stage)}</span>
      <span class="stage-time">
        {view === undefined ? "" : timeOf(stage, view, now, isFailed ? "over" : held ? "held" : "going")}
      </span>
      <span class="stage-item" title={view?.item ?? ""}>
        {stage.state === "active" ? (view?.item ?? "") : leftText(stage, view)}
      </span>
    </li>
  );
}

function countOf({ state, itemsProcessed, itemsTotal }: ProgressStage): string {
  if (itemsTotal === null)
    return itemsProcessed === 0 ? (state === "pending" ? "" : "–") : countText(itemsProcessed);
  return `${countText(itemsProcessed)} / ${countText(itemsTotal)}`;
}

function timeOf(stage: ProgressStage, view: StageView, now: number, pace: "going" | "held" | "over"): string {
  const elapsed = durationText((view.endedAt ?? now) - view.startedAt);
  return stage.state === "active" && pace === "held" ? `${elapsed}, held` : elapsed;
}

/** A stage that is done with a part of its items is no mistake; without a word it looks like one. */
function leftText({ itemsProcessed, itemsTotal }: ProgressStage, view: StageView | undefined): string {
  if (view === undefined || view.leftBecause === null || itemsTotal === null) return "";
  const left = `${countText(itemsTotal - itemsProcessed)} not read`;
  return view.leftBecause === "target" ? `${left}: target reached` : left;
}
