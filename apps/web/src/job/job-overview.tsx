import { estimateAt } from "@cmo/view";
import type { JSX } from "preact";
import { useConsole } from "../app/console-context.ts";
import { barStateOf, ProgressBar } from "../frame/progress-bar.tsx";
import { Notes } from "../log/notes.tsx";
import { QuotaGauge } from "../quota/quota-gauge.tsx";
import { StageList } from "../stage/stage-list.tsx";
import { durationText } from "../text/format.ts";
import { CountTiles } from "./count-tiles.tsx";
import type { JobModel } from "./job-model.ts";
import { nowOf } from "./now-of.ts";
import { TimeLeft } from "./time-left.tsx";
import { Waiting } from "./waiting.tsx";

/** How a job stands: the whole, each stage, what it counts, what it waits for, what went wrong. */
export function JobOverview({ model }: { readonly model: JobModel }): JSX.Element {
  const { now } = useConsole();
  const { view, summary, at } = model.shown.value;
  const time = nowOf({ view, at, isLive: model.place.value === null, now: now.value });
  const { progress } = view;
  const detail = model.server?.detail.value ?? null;
  return (
    <div class="overview">
      <Waiting
        view={view}
        now={time}
        startsAt={detail?.notBefore ?? null}
        schedule={detail?.schedule ?? null}
      />
      <section class="card whole" aria-label="The whole campaign">
        <div class="whole-head">
          <strong class="percent">{progress.percent} %</strong>
          <span>{stepText(progress.step, progress.totalSteps)}</span>
          <span class="elapsed">
            {view.startedAt === null
              ? "not started"
              : `${durationText((view.endedAt ?? time) - view.startedAt)} elapsed`}
          </span>
        </div>
        <ProgressBar
          share={progress.percent / 100}
          label="Progress of the campaign"
          state={barStateOf(progress.status)}
        />
        {model.server?.isEstimated.value ? <TimeLeft estimate={estimateAt(view.estimate, time)} /> : null}
      </section>
      <CountTiles counts={summary.counts} targetLeads={view.targetLeads} metrics={progress.metrics} />
      <StageList view={view} now={time} />
      <QuotaGauge view={view} quota={summary.quota} now={time} />
      <Notes summary={summary} />
    </div>
  );
}

function stepText(step: number, total: number | null): string {
  if (step === 0) return "no stage yet";
  return total === null ? `stage ${step}` : `stage ${step} of ${total}`;
}
