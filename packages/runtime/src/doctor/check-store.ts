import { toCmoError } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { openRuntime } from "../runtime/open-runtime.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Whether jobs can be kept where they are to be kept; makes the store there when there is none. */
export async function checkStore(host: Host): Promise<DoctorCheck> {
  try {
    const runtime = await openRuntime({ host });
    try {
      // A file that can be opened may still not be written.
      await runtime.store.suppressionKey();
      const { location } = runtime;
      const message =
        location.type === "file"
          ? `Jobs are kept in ${location.path}`
          : "Jobs are kept in memory, and end with the process";
      return { id: "store", status: "ok", message, hint: null };
    } finally {
      await runtime.close();
    }
  } catch (error) {
    const { message, hint } = toCmoError(error);
    return { id: "store", status: "failed", message, hint };
  }
}
