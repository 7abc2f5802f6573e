import { type JobSpec, scheduleOf } from "@cmo/engine";
import {
  createCampaignSpec,
  createRedaction,
  cronCalendar,
  keptConfigText,
  resumeCampaign,
  runCampaign,
} from "@cmo/runtime";
import { findJob } from "../place/find-job.ts";
import type { StorePlace } from "../place/place.ts";
import { campaignsOf } from "../place/with-campaigns.ts";
import { withKeptStore, withStore } from "../place/with-store.ts";
import type { OutputMode } from "../renderer/renderer.ts";
import { dryRunReport } from "../report/dry-run-report.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { detachJob } from "./detach-job.ts";
import { createJobHold } from "./job-hold.ts";
import type { RunnableCampaign, RunOptions } from "./run-command.ts";
import { canWriteTo, type ShownRun, showRun } from "./show-run.ts";

/** Runs a campaign in this process, or puts it into the queue of its store. */
export async function runHere(
  { config, text, set, file, dryRun, startsAt, mode }: RunnableCampaign,
  options: RunOptions,
  context: CommandContext,
): Promise<number> {
  // A dry run writes nothing, no store either; one that counts from an earlier run has to look for it.
  const opened = dryRun && config.only_new !== true ? { store: "memory" } : { ...options };
  const submit = {
    priority: options.priority,
    ...(startsAt === null ? {} : { notBefore: startsAt }),
    configText: keptConfigText(text, { set, ...createRedaction(context.host.env) }),
  };
  const hold = createJobHold();
  return withStore({ ...opened, observer: hold.observer }, context, async (place) => {
    const { runtime } = place;
    const spec = await createCampaignSpec(runtime, { config, dryRun });
    if (dryRun && mode !== "json") return tellDryRun(spec, mode, place, context);
    if (options.detach && !dryRun) return detachJob({ spec, submit, mode }, place, context);
    if (!dryRun && !(await canWriteTo(options.exports, context))) return exitCode.usage;
    const run: ShownRun = {
      mode,
      again: `cmo run --config ${file}`,
      startsAt: startsAt ?? scheduledStart(spec, context.host.clock.now()),
      hold,
      place,
      context,
      start: (shown) => runCampaign(runtime, { ...shown, spec, submit }),
    };
    return showRun(run, options);
  });
}

/** When a campaign begins whose first run waits for its schedule; null for one that begins at once. */
function scheduledStart(spec: JobSpec, now: number): number | null {
  const schedule = scheduleOf(spec);
  return schedule?.firstRun === undefined ? null : cronCalendar.nextTime(schedule, now);
}

async function tellDryRun(
  spec: JobSpec,
  mode: OutputMode,
  { runtime }: StorePlace,
  { terminal }: CommandContext,
): Promise<number> {
  const frozen = await runtime.engine.withBaseline(spec);
  if (mode !== "silent") await terminal.write(dryRunReport({ ...frozen }, runtime.engine.estimate(frozen)));
  return exitCode.done;
}

/** Goes on with a job in this process. @throws CmoError `not_found`, `conflict`. */
export async function resumeHere(
  jobId: string,
  mode: OutputMode,
  { options, context }: { options: RunOptions; context: CommandContext },
): Promise<number> {
  const hold = createJobHold();
  return withKeptStore({ ...options, observer: hold.observer }, context, async (place) => {
    const { runtime } = place;
    const { status, notBefore } = await findJob(campaignsOf(place), jobId);
    if (!(await canWriteTo(options.exports, context))) return exitCode.usage;
    const startsAt = status === "queued" && notBefore !== null ? Date.parse(notBefore) : 0;
    const run: ShownRun = {
      mode,
      again: null,
      startsAt: startsAt > context.host.clock.now() ? startsAt : null,
      hold,
      place,
      context,
      start: (shown) => resumeCampaign(runtime, { ...shown, jobId }),
    };
    return showRun(run, options);
  });
}
