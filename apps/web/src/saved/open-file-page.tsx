import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { JobView } from "../job/job-view.tsx";
import { type JobTab, savedAddress } from "../route/route.ts";
import { BundleHead } from "./bundle-head.tsx";

/** Opens a job out of a file: no server is asked, and nothing of the file leaves the page. */
export function OpenFilePage({ tab }: { readonly tab: JobTab }): JSX.Element {
  const { saved } = useConsole();
  const job = saved.job.value;
  const reading = saved.reading.value;
  const failure = saved.failure.value;
  useEffect(saved.prepare, [saved]);

  return (
    <>
      <div class="page page-file">
        <h1>{job === null ? "Open a saved job" : `From ${job.fileName}`}</h1>
        {job === null ? (
          <p>
            Drop a file anywhere on the console: a bundle, as <code>cmo bundle JOB</code> writes it, or a
            job's events, from <code>cmo run --output json</code> or “Save the log”. It is shown as a running
            job would be, without a server, and nothing of it leaves the page.
          </p>
        ) : null}
        <label class="button">
          {job === null ? "Choose a file" : "Choose another file"}
          <input
            class="unseen"
            type="file"
            accept=".zip,.ndjson,.jsonl,.json"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file !== undefined) void saved.open(() => file);
              // The same file can be chosen again, when it is another one by then.
              currentTarget.value = "";
            }}
          />
        </label>
        {reading === null ? null : (
          <p class="loading" role="status">
            Reading {reading}…
          </p>
        )}
        {failure === null ? null : (
          <ErrorNotice error={failure.error} title={`${failure.fileName ?? "This"} could not be opened`} />
        )}
        {job === null || job.bundle === null ? null : (
          <BundleHead fileName={job.fileName} bundle={job.bundle} />
        )}
      </div>
      {job === null ? null : <JobView model={job.model} tab={tab} addressOf={savedAddress} />}
    </>
  );
}
