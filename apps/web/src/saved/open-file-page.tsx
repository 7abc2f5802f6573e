import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { savedJobModel } from "../job/job-model.ts";
import { JobView } from "../job/job-view.tsx";
import { type JobTab, savedAddress } from "../route/route.ts";
import { readSavedJob } from "./read-saved-job.ts";

/** Opens a job out of a file: no server is asked, and nothing of the file leaves the page. */
export function OpenFilePage({ tab }: { readonly tab: JobTab }): JSX.Element {
  const { saved, go } = useConsole();
  const [error, setError] = useState<unknown>(null);
  const [isOver, setOver] = useState(false);
  const job = saved.job.value;

  async function open(files: FileList | null | undefined): Promise<void> {
    const file = files?.[0];
    if (file === undefined) return;
    setError(null);
    try {
      const { jobId, events } = await readSavedJob(file);
      saved.put({ fileName: file.name, model: savedJobModel(jobId, events) });
      go(savedAddress());
    } catch (thrown) {
      setError(thrown);
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button below is for everybody
    <div
      class={isOver ? "drop drop-over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void open(event.dataTransfer?.files);
      }}
    >
      <div class="page page-file">
        <h1>{job === null ? "Open a saved job" : `From ${job.fileName}`}</h1>
        <p>
          Drop a job's events here: what <code>cmo run --output json</code> writes, or “Save the log” in a
          job's events. The page shows them as it would a running job, without a server.
        </p>
        <label class="button">
          Choose a file
          <input
            class="unseen"
            type="file"
            accept=".ndjson,.jsonl,.json,.zip"
            onChange={({ currentTarget }) => void open(currentTarget.files)}
          />
        </label>
        {error === null ? null : <ErrorNotice error={error} title="This file could not be opened" />}
      </div>
      {job === null ? null : <JobView model={job.model} tab={tab} addressOf={savedAddress} />}
    </div>
  );
}
