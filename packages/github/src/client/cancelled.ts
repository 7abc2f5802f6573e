import { CmoError } from "@cmo/engine";

/** The error of work that was told to stop. */
function cancelled(): CmoError {
  return new CmoError("cancelled", "The question to GitHub was cancelled.");
}

/** Throws {@link cancelled} when the signal has aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
