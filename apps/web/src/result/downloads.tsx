import type { Artifact } from "@cmo/client";
import { isTerminalStatus, type JobStatus } from "@cmo/engine";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { saveFile } from "../frame/save-file.ts";
import { countText } from "../text/format.ts";

const texts: Readonly<Record<string, string>> = {
  summary: "Summary (JSON)",
  json: "Leads (JSON)",
  csv: "Leads (CSV)",
  ndjson: "Leads (NDJSON)",
  hubspot: "HubSpot",
  salesforce: "Salesforce",
  attio: "Attio",
};

/** The files of a job that has ended, byte for byte as the server gives them. */
export function Downloads({
  jobId,
  status,
}: {
  readonly jobId: string;
  readonly status: JobStatus | null;
}): JSX.Element | null {
  const { client, access } = useConsole();
  const [artifacts, setArtifacts] = useState<readonly Artifact[]>([]);
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const hasEnded = status !== null && isTerminalStatus(status);
  const api = client.value;
  useEffect(() => {
    if (hasEnded) api.artifacts(jobId).then(({ artifacts: found }) => setArtifacts(found), setError);
  }, [api, jobId, hasEnded]);
  if (!hasEnded) return null;

  async function save({ name, mediaType }: Artifact): Promise<void> {
    setBusy(name);
    setError(null);
    try {
      // A key travels in a header, which no plain link can send.
      const { pieces } = await api.artifact(jobId, name);
      const blobs: BlobPart[] = [];
      for await (const piece of pieces) blobs.push(typeof piece === "string" ? piece : new Uint8Array(piece));
      saveFile(name, mediaType, blobs);
    } catch (thrown) {
      if (!access.notice(thrown)) setError(thrown);
    } finally {
      setBusy(null);
    }
  }

  return (
    <section class="card" aria-label="Files">
      <h2>Files</h2>
      {error === null ? null : <ErrorNotice error={error} title="The file could not be had" />}
      <ul class="downloads">
        {artifacts.map((artifact) => (
          <li key={artifact.name}>
            <button type="button" disabled={busy !== null} onClick={() => void save(artifact)}>
              {texts[artifact.format] ?? artifact.format}
              {artifact.rows === null ? null : <small> {countText(artifact.rows)} rows</small>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
