import type { JobState } from "@cmo/client";
import type { JSX } from "preact";
import { ConnectionBadge } from "../connection/connection-badge.tsx";
import { EventFeed } from "../feed/event-feed.tsx";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { onDemand } from "../frame/on-demand.tsx";
import { StateBadge } from "../frame/state-badge.tsx";
import type { JobTab } from "../route/route.ts";
import { jobTabs } from "../route/route.ts";
import { Scrubber } from "../timeline/scrubber.tsx";
import { Fingerprint } from "./fingerprint.tsx";
import { JobActions } from "./job-actions.tsx";
import type { JobModel } from "./job-model.ts";
import { JobOverview } from "./job-overview.tsx";

const ResultsTab = onDemand(async () => (await import("../result/results-tab.tsx")).ResultsTab);
const LeadsTab = onDemand(async () => (await import("../leads/leads-tab.tsx")).LeadsTab);

const tabTexts: Readonly<Record<JobTab, string>> = {
  overview: "Progress",
  results: "Results",
  leads: "Leads",
  events: "Events",
};

/** A job, from a server or from a file: the same view of the same fold. */
export function JobView({
  model,
  tab,
  addressOf,
}: {
  readonly model: JobModel;
  readonly tab: JobTab;
  addressOf(tab: JobTab): string;
}): JSX.Element {
  const { server } = model;
  const { view } = model.shown.value;
  const detail = server?.detail.value ?? null;
  const state = stateOf(model);
  return (
    <div class="page job-page">
      <div class="page-head">
        <div class="job-title">
          <h1>{detail?.name ?? view.jobId ?? model.jobId}</h1>
          {state === null ? null : <StateBadge state={state} />}
          {server === null ? null : <ConnectionBadge connection={server.connection.value} />}
        </div>
        {server === null ? null : <JobActions model={model} server={server} state={state} />}
      </div>
      <p class="goal">{view.goal ?? detail?.goal ?? ""}</p>
      <p class="job-id">
        <code>{model.jobId}</code>
        <Fingerprint model={model} />
      </p>
      {server?.failure.value == null ? null : <ErrorNotice error={server.failure.value} />}
      <nav class="tabs" aria-label="Parts of the job">
        <ul>
          {jobTabs
            .filter((one) => server !== null || one !== "leads")
            .map((one) => (
              <li key={one}>
                <a href={addressOf(one)} {...(one === tab ? { "aria-current": "page" as const } : {})}>
                  {tabTexts[one]}
                </a>
              </li>
            ))}
        </ul>
      </nav>
      {tab === "leads" ? null : <Scrubber model={model} />}
      {isKnown(model) || tab === "leads" ? (
        <Tab model={model} tab={tab} />
      ) : (
        <p class="loading" role="status">
          Loading…
        </p>
      )}
    </div>
  );
}

function Tab({ model, tab }: { readonly model: JobModel; readonly tab: JobTab }): JSX.Element {
  switch (tab) {
    case "overview":
      return <JobOverview model={model} />;
    case "results":
      return <ResultsTab model={model} />;
    case "leads":
      return model.server === null ? <p>A file of events holds no leads.</p> : <LeadsTab model={model} />;
    case "events":
      return <EventFeed model={model} />;
    default:
      return tab satisfies never;
  }
}

/** Every log begins with its job's submit; while there is none of it, the fold of nothing says nothing of the job. */
function isKnown({ server, live }: JobModel): boolean {
  return server === null || live.value.seq > 0;
}

/** The server's word for it where it is about the same status and nobody looks back; else the status of the fold. */
function stateOf(model: JobModel): JobState | null {
  if (!isKnown(model)) return null;
  const { server, shown, place } = model;
  const { status } = shown.value.view.progress;
  const detail = server?.detail.value ?? null;
  return place.value === null && detail !== null && detail.status === status ? detail.state : status;
}
