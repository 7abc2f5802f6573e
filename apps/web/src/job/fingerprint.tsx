import { canonicalJson } from "@cmo/engine";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { hasDigests, sha256Of } from "../text/sha256.ts";
import type { JobModel } from "./job-model.ts";

/**
 * The SHA-256 of the progress and the summary's fold that the page shows, as canonical JSON: who folds the same events
 * elsewhere gets the same. Shown when nothing more comes, since it is of no use before.
 */
export function Fingerprint({ model }: { readonly model: JobModel }): JSX.Element | null {
  const [digest, setDigest] = useState<string | null>(null);
  const moment = model.shown.value;
  const isStill = model.place.value !== null || moment.view.endedAt !== null;
  useEffect(() => {
    setDigest(null);
    if (!isStill || !hasDigests()) return;
    let isLeft = false;
    const timer = setTimeout(async () => {
      const text = canonicalJson({ progress: moment.view.progress, summary: moment.summary });
      const found = await sha256Of(new TextEncoder().encode(text));
      if (!isLeft) setDigest(found);
    }, 200);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [moment, isStill]);
  if (digest === null) return null;
  return (
    <span class="fingerprint" title={`SHA-256 of progress and summary after event ${moment.seq}: ${digest}`}>
      state <code data-fingerprint={digest}>{digest.slice(0, 12)}</code>
    </span>
  );
}
