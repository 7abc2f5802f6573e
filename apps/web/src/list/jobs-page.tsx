import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { moveFocus } from "../frame/move-focus.ts";
import { Notice } from "../frame/notice.tsx";
import { diffAddress } from "../route/route.ts";
import { countText } from "../text/format.ts";
import { EmptyJobs } from "./empty-jobs.tsx";
import { filterJobs, type JobGroup, jobGroups } from "./filter-jobs.ts";
import { JobLine } from "./job-line.tsx";
import { JobSearch } from "./job-search.tsx";

/** All jobs, live. */
export function JobsPage(): JSX.Element {
  const { jobs } = useConsole();
  const [search, setSearch] = useState("");
  const [group, setGroup] = useState<JobGroup>("all");
  const list = useRef<HTMLUListElement>(null);
  const rows = jobs.rows.value;
  const shown = useMemo(() => filterJobs(rows, { search, group }), [rows, search, group]);
  const failure = jobs.failure.value;
  const unreadable = jobs.unreadable.value;
  const isEmpty = jobs.isLoaded.value && rows.length === 0 && unreadable.length === 0;
  return (
    <div class="page">
      <div class="page-head">
        <h1>Jobs</h1>
        <div class="actions">
          {isEmpty ? null : (
            <a class="button" href={diffAddress()}>
              Compare two jobs
            </a>
          )}
          <a class="button primary" href="#/new">
            New campaign
          </a>
        </div>
      </div>
      {failure === null ? null : <ErrorNotice error={failure} title="The list could not be read" />}
      {unreadable.map(({ id, error: { message, hint } }) => (
        <Notice key={id} kind="warning" title={`Left out: ${message}`}>
          <p class="hint">{hint}</p>
        </Notice>
      ))}
      {isEmpty ? (
        <EmptyJobs />
      ) : (
        <>
          <div class="filters">
            <JobSearch search={search} onSearch={setSearch} />
            <fieldset class="choices">
              <legend class="unseen">Which jobs</legend>
              {jobGroups.map((one) => (
                <label key={one}>
                  <input type="radio" name="group" checked={one === group} onChange={() => setGroup(one)} />
                  <span>
                    {one} <small>{countText(filterJobs(rows, { search, group: one }).length)}</small>
                  </span>
                </label>
              ))}
            </fieldset>
          </div>
          {jobs.isLoaded.value ? null : (
            <p class="loading" role="status">
              Loading…
            </p>
          )}
          <ul class="jobs" ref={list} onKeyDown={(event) => moveFocus(event, list.current, "a.job-link")}>
            {shown.map((row) => (
              <JobLine key={row.id} row={row} />
            ))}
          </ul>
          {jobs.isLoaded.value && shown.length === 0 ? <p class="empty">No job is like that.</p> : null}
          {jobs.hasMore.value ? (
            <button type="button" onClick={() => void jobs.more()}>
              Show older jobs
            </button>
          ) : null}
        </>
      )}
    </div>
  );
}
