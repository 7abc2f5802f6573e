import type { JobView } from "@cmo/client";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { moveFocus } from "../frame/move-focus.ts";
import { StateBadge } from "../frame/state-badge.tsx";
import { filterJobs } from "../list/filter-jobs.ts";
import { stateOfRow } from "../list/job-row.ts";
import { JobSearch } from "../list/job-search.tsx";
import { diffAddress, jobAddress } from "../route/route.ts";
import { momentText } from "../text/format.ts";
import { type ComparableJob, comparableJobs, olderFirst } from "./comparable-jobs.ts";

/** Chooses what is compared: the first job, or for a first job the other one. */
export function ChooseJobs({ jobId }: { readonly jobId: string | null }): JSX.Element {
  const { client, access, jobs, go } = useConsole();
  const [first, setFirst] = useState<JobView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [search, setSearch] = useState("");
  const [id, setId] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const api = client.value;
  useEffect(() => {
    if (jobId === null) return;
    let isLeft = false;
    api.job(jobId).then(
      (found) => {
        if (!isLeft) setFirst(found);
      },
      (thrown) => {
        if (!isLeft && !access.notice(thrown)) setError(thrown);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [api, jobId]);

  function addressOf(other: Pick<JobView, "id" | "createdAt">): string {
    if (first === null) return diffAddress(other.id);
    const [a, b] = olderFirst<Pick<JobView, "id" | "createdAt">>(first, other);
    return diffAddress(a.id, b.id);
  }

  async function chooseById(): Promise<void> {
    setError(null);
    try {
      go(addressOf(await api.job(id.trim())));
    } catch (thrown) {
      if (!access.notice(thrown)) setError(thrown);
    }
  }

  const rows = filterJobs(jobs.rows.value, { search, group: "all" });
  const shown = comparableJobs(rows, first);
  const isLoaded = jobs.isLoaded.value && (jobId === null || first !== null || error !== null);
  return (
    <div class="page">
      <h1>{jobId === null ? "Compare two jobs" : `Compare ${first?.name ?? jobId}`}</h1>
      <p>
        {jobId === null ? (
          "Choose the first one, then the other."
        ) : (
          <>
            Choose what <a href={jobAddress(jobId)}>{jobId}</a> is compared with, among the jobs that have
            ended.
          </>
        )}
      </p>
      {error === null ? null : <ErrorNotice error={error} />}
      <div class="filters">
        <JobSearch search={search} onSearch={setSearch} />
        <form
          class="line"
          onSubmit={(event) => {
            event.preventDefault();
            void chooseById();
          }}
        >
          <label>
            <span class="unseen">Id of the job</span>
            <input
              placeholder="or its id"
              value={id}
              onInput={({ currentTarget }) => setId(currentTarget.value)}
            />
          </label>
          <button type="submit" disabled={id.trim() === ""}>
            {jobId === null ? "Choose" : "Compare"}
          </button>
        </form>
      </div>
      {isLoaded ? null : (
        <p class="loading" role="status">
          Loading…
        </p>
      )}
      <ul class="jobs" ref={list} onKeyDown={(event) => moveFocus(event, list.current, "a.job-link")}>
        {isLoaded && shown.map((job) => <Choice key={job.row.id} job={job} addressOf={addressOf} />)}
      </ul>
      {isLoaded && shown.length === 0 ? (
        <p class="empty">{search === "" ? "No other job has ended yet." : "No job is like that."}</p>
      ) : null}
      {jobs.hasMore.value ? (
        <button type="button" onClick={() => void jobs.more()}>
          Show older jobs
        </button>
      ) : null}
    </div>
  );
}

const relationTexts = {
  parent: "its parent",
  child: "made from it",
  "same name": "same name",
} as const;

function Choice({
  job: { row, relation },
  addressOf,
}: {
  readonly job: ComparableJob;
  addressOf(job: Pick<JobView, "id" | "createdAt">): string;
}): JSX.Element {
  const { id, name, view } = row;
  // One whose time is not known yet is new.
  const createdAt = view?.createdAt ?? new Date().toISOString();
  return (
    <li class="job choice">
      <div class="job-what">
        <a class="job-link" href={addressOf({ id, createdAt })}>
          {name}
        </a>
        <StateBadge state={stateOfRow(row)} />
        {relation === null ? null : <span class="relation">{relationTexts[relation]}</span>}
        <p class="job-goal">{view?.goal ?? ""}</p>
      </div>
      <code>{id}</code>
      {view === null ? null : <time dateTime={view.createdAt}>{momentText(view.createdAt)}</time>}
    </li>
  );
}
