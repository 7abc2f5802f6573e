import { CmoError } from "@cmo/engine";

/** The error for a file that is no bundle, or not the one that was written. */
export function bundleError(message: string, cause?: unknown): CmoError {
  return new CmoError("bundle_invalid", message, {
    hint: "Get the file again from whoever wrote it, or write it anew with: cmo bundle JOB",
    ...(cause === undefined ? {} : { cause }),
  });
}
