import { applyEvent } from "./apply-event.ts";
import type { Progress } from "./progress.ts";
import { closeDraft, openDraft } from "./progress-draft.ts";
import type { ProgressEvent } from "./progress-event.ts";

/**
 * The progress after one more event of the log. Pure and total: an event that is unknown, malformed or late gives the
 * same object back; otherwise what did not change is shared with the progress before. For many events at once,
 * `foldProgress` is the same and copies once.
 */
export function reduceProgress(progress: Progress, event: ProgressEvent): Progress {
  const draft = openDraft(progress);
  applyEvent(draft, event);
  return closeDraft(draft);
}
