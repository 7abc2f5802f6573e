import { type BundleManifest, openBundle } from "@cmo/bundle";
import { runSummarySchema } from "@cmo/contract";
import {
  initialSummary,
  type JobEvent,
  type RunSummary,
  reduceSummary,
  type SummaryState,
  summaryOf,
} from "@cmo/engine";
import * as v from "valibot";

/** The run in a bundle, to be looked at. Whoever opens it closes it. */
export interface BundledRun {
  readonly manifest: BundleManifest;
  /** As it was when the bundle was written. @throws CmoError `bundle_invalid`. */
  summary(): Promise<RunSummary>;
  /** The config that its job was made from, as it was written; null where it holds none. @throws CmoError `bundle_invalid`. */
  config(): Promise<string | null>;
  /** The log, in order, read as it is asked for. @throws CmoError `bundle_invalid`. */
  events(): AsyncIterable<JobEvent>;
  close(): Promise<void>;
}

/** Opens a bundle to look at its run; nothing is run again. @throws CmoError as `openBundle`. */
export async function openBundledRun(path: string): Promise<BundledRun> {
  const bundle = await openBundle(path);
  return {
    manifest: bundle.manifest,
    async summary() {
      const read = v.safeParse(runSummarySchema, await bundle.summary());
      if (read.success) return read.output;
      // One of another version: what today's fold makes of the log, without leads, which only the run's own summary has.
      let state: SummaryState = initialSummary();
      for await (const event of bundle.events()) state = reduceSummary(state, event);
      return summaryOf(state, []);
    },
    config: () => bundle.config(),
    events: () => bundle.events(),
    close: () => bundle.close(),
  };
}
