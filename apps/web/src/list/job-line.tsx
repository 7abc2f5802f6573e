import type { JSX } from "preact";
import { useConsole } from "../app/console-context.ts";
import { memo } from "../frame/memo.ts";
import { barStateOf, ProgressBar } from "../frame/progress-bar.tsx";
import { StateBadge } from "../frame/state-badge.tsx";
import { jobAddress } from "../route/route.ts";
import { ageText, countText, momentText } from "../text/format.ts";
import { contactableOf, type JobRow, stateOfRow } from "./job-row.ts";

/** One job of the list. */
export const JobLine = memo(function JobLine({ row }: { readonly row: JobRow }): JSX.Element {
  const { progress, view } = row;
  const contactable = contactableOf(row);
  const state = stateOfRow(row);
  return (
    <li class="job">
      <div class="job-what">
        <a class="job-link" href={jobAddress(row.id)}>
          {row.name}
        </a>
        <StateBadge state={state} />
        <p class="job-goal">
          {view !== null && state === "scheduled" && view.schedule !== null && view.notBefore !== null
            ? `Next run: ${momentText(view.notBefore)}`
            : (view?.goal ?? row.id)}
        </p>
      </div>
      <div class="job-how">
        <ProgressBar
          share={progress.percent / 100}
          label={`Progress of ${row.name}`}
          state={barStateOf(progress.status)}
        />
        <p class="job-stage">
          <span>{progress.percent} %</span>
          <span>{progress.status === "running" ? (progress.stage ?? "") : ""}</span>
        </p>
      </div>
      <div class="job-counts">
        <strong>{contactable === null ? "–" : countText(contactable)}</strong>
        <span> of {view === null ? "–" : countText(view.targetLeads)} to contact</span>
      </div>
      <Age at={view?.createdAt ?? null} />
    </li>
  );
});

/** By itself, so that the clock draws nothing else. */
function Age({ at }: { readonly at: string | null }): JSX.Element {
  const { now } = useConsole();
  if (at === null) return <span class="job-age" />;
  return (
    <time class="job-age" dateTime={at} title={momentText(at)}>
      {ageText(at, now.value)}
    </time>
  );
}
