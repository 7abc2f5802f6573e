import { join, relative, resolve } from "node:path";
import type { BundleKind } from "@cmo/contract";
import { bundleFileMode, bundleFileName, exportBundle, writeFileAtomically } from "@cmo/runtime";
import type { Campaigns } from "../place/campaigns.ts";
import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { nothingWritten, untilInterrupted } from "../place/until-interrupted.ts";
import { withFollowedCampaigns } from "../place/with-campaigns.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo bundle` was told. */
export interface BundleOptions extends PlaceOptions {
  full: boolean;
  out?: string;
}

/**
 * Writes a job that has ended into one file, and prints its path.
 * @throws CmoError `not_found`; `conflict` for a job that has not ended; `usage`, `export_failed`; `cancelled` when it
 * is interrupted, and then nothing is left of it.
 */
export async function bundleCommand(
  jobId: string,
  { full, out, ...place }: BundleOptions,
  context: CommandContext,
): Promise<number> {
  const { host, terminal, interrupts } = context;
  const { signal } = interrupts;
  const kind = full ? "full" : "shared";
  return withFollowedCampaigns(place, context, async (campaigns) => {
    await untilInterrupted(findJob(campaigns, jobId), signal, nothingWritten);
    const path = resolve(host.cwd, out ?? join("exports", bundleFileName(jobId)));
    const erased = await write(campaigns, { jobId, kind, path, signal });
    const short = relative(host.cwd, path);
    await terminal.write(`${short.startsWith("..") ? path : short}\n`);
    if (kind === "full") {
      terminal.writeError("It holds everything that is known of everybody: keep it as you keep the store.\n");
    }
    if (erased !== null) {
      terminal.writeError(
        `Job ${erased}, from which this one had answers, was erased: a replay finds missing what only it had.\n`,
      );
    }
    return exitCode.done;
  });
}

/**
 * What the store of this machine writes is noted there, so that an erase finds it; a server knows of no file of ours. Gives
 * the job whose answers may be missing, as far as it is known here: that of a server says it in its manifest alone.
 */
async function write(
  { service, place }: Campaigns,
  { jobId, kind, path, signal }: { jobId: string; kind: BundleKind; path: string; signal: AbortSignal },
): Promise<string | null> {
  if (place.type === "store") {
    const { erased } = await exportBundle({ runtime: place.runtime, jobId, kind, path, signal });
    return erased;
  }
  const { pieces } = await untilInterrupted(service.bundle(jobId, kind), signal, nothingWritten);
  await writeFileAtomically(path, pieces, { mode: bundleFileMode, signal });
  return null;
}
