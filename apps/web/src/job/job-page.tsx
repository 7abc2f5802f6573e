import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import type { JobTab } from "../route/route.ts";
import { jobAddress } from "../route/route.ts";
import { type JobModel, openJobModel } from "./job-model.ts";
import { JobView } from "./job-view.tsx";

/** A job of the server, live. */
export function JobPage({
  jobId,
  tab,
}: {
  readonly jobId: string;
  readonly tab: JobTab;
}): JSX.Element | null {
  const { client, access } = useConsole();
  const [model, setModel] = useState<JobModel | null>(null);
  const api = client.value;
  useEffect(() => {
    const opened = openJobModel(api, access, jobId);
    setModel(opened);
    return () => opened.server?.close();
  }, [api, jobId]);
  if (model === null) return null;
  const failure = model.server?.failure.value ?? null;
  if (failure !== null && model.live.value.seq === 0) {
    return (
      <div class="page">
        <h1>{failure.code === "not_found" ? "There is no such job" : "This job could not be read"}</h1>
        <ErrorNotice error={failure} />
        <p>
          <a href="#/">All jobs</a>
        </p>
      </div>
    );
  }
  return <JobView model={model} tab={tab} addressOf={(to) => jobAddress(jobId, to)} />;
}
