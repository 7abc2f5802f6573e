import type { Client, JobState } from "@cmo/client";
import { isTerminalStatus } from "@cmo/engine";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ConfirmDialog } from "../frame/confirm-dialog.tsx";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { diffAddress, jobAddress } from "../route/route.ts";
import type { JobModel, JobServer } from "./job-model.ts";
import { possibleActions } from "./possible-actions.ts";

/** What can be done with a job now. */
export function JobActions({
  model: { jobId },
  server,
  state,
}: {
  readonly model: JobModel;
  readonly server: JobServer;
  /** Null while it is not known. */
  readonly state: JobState | null;
}): JSX.Element {
  const { client, access, jobs, go } = useConsole();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [asks, setAsks] = useState<"cancel" | "erase" | null>(null);
  const detail = server.detail.value;
  const possible = possibleActions(detail === null ? null : state);

  async function act(action: (api: Client) => Promise<unknown>): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await action(client.value);
      await server.refresh();
    } catch (thrown) {
      if (!access.notice(thrown)) setError(thrown);
    } finally {
      setBusy(false);
    }
  }

  async function retry(): Promise<void> {
    await act(async (api) => go(jobAddress((await api.retry(jobId)).id)));
  }

  return (
    <div class="job-actions">
      <div class="actions">
        <button
          type="button"
          disabled={isBusy || !possible.has("pause")}
          onClick={() => void act((api) => api.pause(jobId))}
        >
          Pause
        </button>
        <button
          type="button"
          disabled={isBusy || !possible.has("resume")}
          onClick={() => void act((api) => api.resume(jobId))}
        >
          Resume
        </button>
        <button type="button" disabled={isBusy || !possible.has("cancel")} onClick={() => setAsks("cancel")}>
          Cancel
        </button>
        <button type="button" disabled={isBusy || !possible.has("retry")} onClick={() => void retry()}>
          Retry
        </button>
        {detail !== null && isTerminalStatus(detail.status) ? (
          <>
            <a class="button quiet" href={diffAddress(jobId)}>
              Compare with…
            </a>
            {detail.parentJobId === null ? null : (
              <a class="button quiet" href={diffAddress(detail.parentJobId, jobId)}>
                Compare with parent
              </a>
            )}
          </>
        ) : null}
        <button type="button" class="quiet danger-text" disabled={isBusy} onClick={() => setAsks("erase")}>
          Erase…
        </button>
      </div>
      {error === null ? null : <ErrorNotice error={error} />}
      {asks === "cancel" ? (
        <ConfirmDialog
          title="Cancel this job?"
          action="Cancel the job"
          onClose={() => setAsks(null)}
          onConfirm={async () => {
            await client.value.cancel(jobId);
            await server.refresh();
          }}
        >
          <p>
            What was found so far is kept and marked partial. It cannot go on, but be tried again as a new
            job.
          </p>
          {detail === null || detail.schedule === null ? null : (
            <p>
              {detail.startedAt === null
                ? "Its schedule ends with it: the campaign does not run again by itself."
                : "Only this run is cancelled: its schedule goes on."}
            </p>
          )}
        </ConfirmDialog>
      ) : null}
      {asks === "erase" ? (
        <ConfirmDialog
          title="Erase this job?"
          action="Erase the job"
          onClose={() => setAsks(null)}
          onConfirm={async () => {
            await client.value.eraseJobs({ jobIds: [jobId] });
            jobs.drop(jobId);
            go("#/");
          }}
        >
          <p>Its log, its leads and its files are gone for good. If it runs, it is cancelled first.</p>
          {detail === null || detail.schedule === null || isTerminalStatus(detail.status) ? null : (
            <p>Its schedule goes with it: the campaign does not run again by itself.</p>
          )}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
