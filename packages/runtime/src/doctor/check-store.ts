import { isReadable, type JobFilter, type Store, toCmoError, type UnreadableJob } from "@cmo/engine";
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
      const place = placeText(runtime.location);
      const unreadable = await findUnreadable(runtime.store);
      const [first] = unreadable;
      if (first === undefined) return { id: "store", status: "ok", message: place, hint: null };
      const faults = unreadable.slice(0, mostShown).map(({ fault }) => fault.message);
      const more = unreadable.length - faults.length;
      return {
        id: "store",
        status: "warning",
        message: [place, ...faults, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
        hint: first.fault.hint,
      };
    } finally {
      await runtime.close();
    }
  } catch (error) {
    const { message, hint } = toCmoError(error);
    return { id: "store", status: "failed", message, hint };
  }
}

/** The jobs that cannot be read, among those that have not ended and the newest that have. */
async function findUnreadable(store: Store): Promise<readonly UnreadableJob[]> {
  const found = new Map<string, UnreadableJob>();
  const filters: readonly Pick<JobFilter, "status">[] = [{ status: ["queued", "running", "paused"] }, {}];
  for (const filter of filters) {
    let after: string | undefined;
    for (let seen = 0; seen < mostLookedAt; ) {
      const page = await store.listJobs({ ...filter, limit: 200, ...(after === undefined ? {} : { after }) });
      for (const job of page) if (!isReadable(job)) found.set(job.id, job);
      after = page.at(-1)?.id;
      seen += page.length;
      if (page.length < 200) break;
    }
  }
  return [...found.values()];
}

const mostLookedAt = 10_000;
const mostShown = 5;

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
