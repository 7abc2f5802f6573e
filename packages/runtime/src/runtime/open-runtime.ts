import { CmoError, type WorkLimits } from "@cmo/engine";
import type { Environment } from "../host/host.ts";
import { maintainInPassing } from "../people/maintain-store.ts";
import { type JobObserver, observeJobs } from "../store/observe-jobs.ts";
import { openStore } from "../store/open-store.ts";
import { resolveStoreLocation, type StoreLocation } from "../store/store-location.ts";
import { createRuntime, type Runtime, type RuntimeOptions } from "./create-runtime.ts";

/** What {@link openRuntime} is made of. */
export interface OpenRuntimeOptions extends Omit<RuntimeOptions, "store" | "leaseMs" | "limits"> {
  /** Where jobs are kept, as a person says it. Default: `CMO_STORE`, else the disk. */
  location?: string | undefined;
  /** Told when the runtime takes a job and lets go of it. */
  observer?: JobObserver;
}

/** A runtime that says where its jobs are kept. */
export interface StoredRuntime extends Runtime {
  readonly location: StoreLocation;
  /** How long a worker may be silent before its job goes to another, in milliseconds. */
  readonly leaseMs: number;
}

/**
 * A runtime over the store that the person or the environment names, after what was not to be kept any longer has been
 * let go of (a small part of it at a time). A job whose process died goes on elsewhere after
 * `CMO_LEASE_MS`, 15,000 when it is not set. Of one tenant at most `CMO_JOBS_PER_TENANT` jobs are worked on at once, and
 * of those that share GitHub's quota `CMO_JOBS_PER_QUOTA`, by all workers together.
 * @throws CmoError `usage` for a place that is none; `config_invalid` for a lease or a number of jobs that is none; `store_unavailable`,
 * `store_corrupt`, `store_newer`.
 */
export async function openRuntime(options: OpenRuntimeOptions): Promise<StoredRuntime> {
  const { location: requested, observer, ...others } = options;
  const { host } = options;
  const leaseMs = leaseOf(host.env);
  const limits = limitsOf(host.env);
  const location = resolveStoreLocation({
    requested,
    env: host.env,
    platform: host.platform,
    cwd: host.cwd,
    // Handed over unasked: a home that nobody knows is no error where nobody wants it.
    get home() {
      return host.home;
    },
  });
  const opened = await openStore(location, host);
  const store = observer === undefined ? opened : observeJobs(opened, observer);
  const runtime = createRuntime({ ...others, store, leaseMs, ...(limits !== null && { limits }) });
  await maintainInPassing(runtime);
  return { ...runtime, location, leaseMs };
}

function limitsOf(env: Environment): WorkLimits | null {
  const perTenant = countOf(env, "CMO_JOBS_PER_TENANT");
  const perQuota = countOf(env, "CMO_JOBS_PER_QUOTA");
  if (perTenant === null && perQuota === null) return null;
  return {
    ...(perTenant !== null && { perTenant }),
    // A simulator is a world of its own for each job.
    ...(perQuota !== null && { perSource: { github: perQuota } }),
  };
}

function countOf(env: Environment, name: string): number | null {
  const text = env[name];
  if (text === undefined || text === "") return null;
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 1_000_000) return count;
  throw new CmoError("config_invalid", `${name} is no number of jobs: ${JSON.stringify(text)}.`, {
    hint: "Set it to a whole number from 1, or not at all: then any number of jobs is worked on at once.",
  });
}

/** Long enough for a process that is held up, short enough for somebody who waits for a job to go on. */
const defaultLeaseMs = 15_000;

function leaseOf({ CMO_LEASE_MS: text }: Environment): number {
  if (text === undefined || text === "") return defaultLeaseMs;
  const leaseMs = Number(text);
  if (/^\d+$/.test(text) && leaseMs >= 1_000 && leaseMs <= 3_600_000) return leaseMs;
  throw new CmoError("config_invalid", `CMO_LEASE_MS is no lease: ${JSON.stringify(text)}.`, {
    hint: "Set it to a whole number of milliseconds from 1000 to 3600000, or not at all.",
  });
}
