import { toCmoError } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { openRuntime } from "../runtime/open-runtime.ts";
import type { StoreLocation } from "../store/store-location.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Whether jobs can be kept where they are to be kept; makes the store there when there is none. */
export async function checkStore(host: Host): Promise<DoctorCheck> {
  try {
    const runtime = await openRuntime({ host });
    try {
      // A file that can be opened may still not be written.
      await runtime.store.suppressionKey();
      const { location } = runtime;
      return { id: "store", status: "ok", message: placeText(location), hint: null };
    } finally {
      await runtime.close();
    }
  } catch (error) {
    const { message, hint } = toCmoError(error);
    return { id: "store", status: "failed", message, hint };
  }
}

function placeText(location: StoreLocation): string {
  switch (location.type) {
    case "file":
      return `Jobs are kept in ${location.path}`;
    case "postgres":
      return `Jobs are kept at ${location.name}`;
    case "memory":
      return "Jobs are kept in memory, and end with the process";
    default:
      return location satisfies never;
  }
}
