import { isTerminalStatus, type RunSummary, renderSummary, summaryOf } from "@cmo/engine";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { Notice } from "../frame/notice.tsx";
import type { JobModel } from "../job/job-model.ts";
import { Distributions } from "./distributions.tsx";
import { Downloads } from "./downloads.tsx";
import { Funnel } from "./funnel.tsx";
import { TopProspects } from "./top-prospects.tsx";

/** What a campaign came to, or has come to so far. */
export function ResultsTab({ model }: { readonly model: JobModel }): JSX.Element {
  const summary = useSummary(model);
  const { status, partial, targetMet, targetLeads, counts } = summary;
  return (
    <div class="results">
      {status !== null && isTerminalStatus(status) ? null : (
        <Notice kind="info" title="So far: this job has not ended." />
      )}
      {partial === true ? <Notice kind="warning" title="Partial: the job ended before it was done." /> : null}
      {targetMet === false && status === "completed" ? (
        <Notice
          kind="info"
          title={`Fewer leads than wanted: ${counts.contactable ?? 0} of ${targetLeads ?? 0}. There were no more to be found.`}
        />
      ) : null}
      {model.server === null || model.place.value !== null ? null : (
        <Downloads jobId={model.jobId} status={status} />
      )}
      <TopProspects prospects={summary.topProspects} jobId={model.server === null ? null : model.jobId} />
      <Funnel steps={summary.funnel} />
      <Distributions distributions={summary.distributions} />
      <section class="card" aria-label="As the terminal tells it">
        <h2>As the terminal tells it</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
        <pre class="terminal" tabIndex={0}>
          {renderSummary(summary, { emoji: true, width: 100 })}
        </pre>
      </section>
    </div>
  );
}

/**
 * The fold that the page shows; at its end, the summary that a file holds. The best leads, which no log holds, are asked
 * for when the job has ended, and were not known before.
 */
function useSummary(model: JobModel): RunSummary {
  const { client } = useConsole();
  const [prospects, setProspects] = useState<RunSummary["topProspects"]>([]);
  const { summary, view } = model.shown.value;
  const hasEnded = view.endedAt !== null;
  const api = model.server === null ? null : client.value;
  useEffect(() => {
    if (api === null) return;
    let isLeft = false;
    api.summary(model.jobId).then(
      ({ topProspects }) => {
        if (!isLeft) setProspects(topProspects);
      },
      () => {},
    );
    return () => {
      isLeft = true;
    };
  }, [api, hasEnded]);
  if (model.place.value !== null) return summaryOf(summary, []);
  return model.outcome ?? { ...summaryOf(summary, []), topProspects: prospects };
}
