import { isTerminalStatus, type Lead } from "@cmo/engine";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { VirtualList } from "../frame/virtual-list.tsx";
import type { JobModel } from "../job/job-model.ts";
import { countText } from "../text/format.ts";
import { LeadDialog } from "./lead-dialog.tsx";
import { LeadFilters } from "./lead-filters.tsx";
import { openLeadPages } from "./lead-pages.ts";
import { allLeads, type LeadChoice, type LeadSortKey, sortedBy } from "./lead-query.ts";
import { LeadRow } from "./lead-row.tsx";

const columns: readonly { readonly key: LeadSortKey; readonly text: string }[] = [
  { key: "rank", text: "#" },
  { key: "name", text: "Person" },
  { key: "score", text: "Score" },
  { key: "login", text: "Contact" },
  { key: "company", text: "Company" },
  { key: "location", text: "Place" },
  { key: "followers", text: "Followers" },
  { key: "lastActiveAt", text: "Last active" },
];

/** All leads of a job: sorted and filtered by the server, and as many in the page as are seen. */
export function LeadsTab({ model }: { readonly model: JobModel }): JSX.Element {
  const { client, access } = useConsole();
  const [choice, setChoice] = useState<LeadChoice>(allLeads);
  const [opened, setOpened] = useState<Lead | null>(null);
  const api = client.value;
  const hasEnded = model.live.value.view.endedAt !== null;
  const pages = useMemo(() => openLeadPages(api, model.jobId, choice), [api, model.jobId, choice]);
  useEffect(() => () => pages.close(), [pages]);
  const knownEnd = useRef(hasEnded);
  useEffect(() => {
    if (knownEnd.current !== hasEnded) pages.refresh();
    knownEnd.current = hasEnded;
  }, [hasEnded, pages]);
  // The log may come after the leads; the server's word is there before.
  const status = model.server?.detail.value?.status ?? null;
  const isOver = hasEnded || (status !== null && isTerminalStatus(status));
  const total = pages.total.value;
  void pages.version.value;
  const failure = pages.failure.value;
  useEffect(() => {
    if (failure !== null) access.notice(failure);
  }, [failure]);

  return (
    <section class="leads" aria-label="Leads">
      <LeadFilters choice={choice} total={total} onChange={setChoice} />
      {failure === null ? null : <ErrorNotice error={failure} title="The leads could not be read" />}
      {total === 0 ? (
        <p class="empty">
          {isOver
            ? "Nobody is like that."
            : status === null && model.live.value.seq === 0
              ? "…"
              : "No leads yet: they are ranked at the end of the job."}
        </p>
      ) : (
        <div
          class="lead-table"
          role="table"
          aria-label="Leads"
          aria-rowcount={total === null ? -1 : total + 1}
        >
          <div role="rowgroup">
            <div class="lead-row lead-head" role="row" aria-rowindex={1}>
              {columns.map(({ key, text }) => (
                <div
                  key={key}
                  role="columnheader"
                  class={`lead-${key}`}
                  aria-sort={
                    choice.sortBy !== key ? "none" : choice.isDescending ? "descending" : "ascending"
                  }
                >
                  <button type="button" onClick={() => setChoice((before) => sortedBy(before, key))}>
                    {text}
                    <span aria-hidden="true">
                      {choice.sortBy !== key ? "" : choice.isDescending ? " ↓" : " ↑"}
                    </span>
                  </button>
                </div>
              ))}
            </div>
          </div>
          <VirtualList
            key={JSON.stringify(choice)}
            class="lead-list"
            role="rowgroup"
            label={total === null ? "Leads" : `${countText(total)} leads`}
            count={total ?? 0}
            rowHeight={56}
            onRange={pages.want}
            row={(index) => <LeadRow key={index} index={index} lead={pages.lead(index)} onOpen={setOpened} />}
          />
        </div>
      )}
      {opened === null ? null : (
        <LeadDialog
          lead={opened}
          onClose={() => setOpened(null)}
          onGone={() => {
            setOpened(null);
            pages.refresh();
          }}
        />
      )}
    </section>
  );
}
