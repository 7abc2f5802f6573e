import { type Channel, isTerminalEvent } from "@cmo/engine";
import type { Campaigns } from "../place/campaigns.ts";
import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withFollowedCampaigns } from "../place/with-campaigns.ts";
import { learnGroundsFrom, learnNothing } from "../renderer/learn-grounds.ts";
import { openRenderer, outputModeOf, type ShowOptions } from "../renderer/open-renderer.ts";
import { outageNotice } from "../renderer/outage-notice.ts";
import type { OutputMode, Renderer } from "../renderer/renderer.ts";
import { isBundleName } from "./bundle-name.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { detachedText } from "./detached-text.ts";
import { createMutedContext, type MutedContext } from "./muted-context.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import { readChannel } from "./read-channel.ts";
import { watchBundle } from "./watch-bundle.ts";
import { writeOutcome } from "./write-outcome.ts";

/** What `cmo watch` was told. */
export interface WatchOptions extends ShowOptions, PlaceOptions {
  /** The first event that is shown, counted from 1. */
  from: number;
  channels?: readonly string[];
  /** For how long an API that does not answer is tried again, in milliseconds. */
  giveUpAfter: number;
}

/**
 * Shows a job while it runs, in whichever process, or as it ran; the run in a bundle, too. Ends with the job, and with
 * the job's exit code. An interrupt detaches; the job goes on. @throws CmoError `api_unreachable` when an API is away for too long.
 */
export async function watchCommand(
  jobId: string,
  options: WatchOptions,
  context: CommandContext,
): Promise<number> {
  if (isBundleName(jobId)) return watchBundle(jobId, options, context);
  const channels = options.channels?.map(readChannel);
  return withFollowedCampaigns(options, context, async (campaigns) => {
    const { place, service } = campaigns;
    const { status, notBefore } = await findJob(campaigns, jobId);
    const mode = outputModeOf(options, context);
    if (status === "paused") {
      const goOn = place.command(place.type === "store" ? "run --resume" : "resume", jobId);
      context.terminal.writeError(`The job is paused. To go on: ${goOn}\n`);
    }
    const muted = createMutedContext(context);
    const startsAt = status === "queued" && notBefore !== null ? Date.parse(notBefore) : 0;
    const renderer = await openRenderer(
      mode,
      {
        emoji: options.emoji,
        startsAt: startsAt > context.host.clock.now() ? startsAt : null,
        // Some of the events say too little of the whole.
        learnGrounds: channels === undefined ? learnGroundsFrom(service) : learnNothing,
      },
      muted.context,
    );
    let isLeft = false;
    try {
      // Rows and lines are folds of the whole log: what lies before is read, and not shown. Events stand for themselves.
      const shownAfter = Math.max(0, options.from - 1);
      const after = mode === "json" ? shownAfter : 0;
      const { giveUpAfter: giveUpAfterMs } = options;
      const feeding = { jobId, after, shownAfter, channels, mode, renderer, muted, giveUpAfterMs };
      isLeft = !(await feed(campaigns, feeding, context));
    } finally {
      await renderer.close();
    }
    if (context.terminal.closed.aborted) return exitCode.done;
    if (isLeft) {
      context.terminal.writeError(detachedText(place, jobId));
      return exitCode.interrupted;
    }
    const summary = await service.summary(jobId);
    if (summary.ok === null) return exitCode.interrupted;
    const files = `Its files are written with: ${place.command("export", jobId)}`;
    return writeOutcome(summary, { mode, emoji: options.emoji, next: files }, context);
  });
}

interface Feed {
  jobId: string;
  after: number;
  shownAfter: number;
  channels: readonly Channel[] | undefined;
  mode: OutputMode;
  renderer: Renderer;
  muted: Pick<MutedContext, "set">;
  giveUpAfterMs: number;
}

/** Shows the log; false when somebody left before its end. */
async function feed(campaigns: Campaigns, feeding: Feed, context: CommandContext): Promise<boolean> {
  const { interrupts, terminal } = context;
  const { jobId, after, shownAfter, channels, renderer, muted, giveUpAfterMs } = feeding;
  // Listening to a store keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  const signal = AbortSignal.any([interrupts.signal, terminal.closed]);
  const onOutage = outageNotice(campaigns.place.name, feeding);
  let isOver = false;
  try {
    const query = { after, signal, giveUpAfterMs, onOutage, ...(channels === undefined ? {} : { channels }) };
    for await (const event of campaigns.follow(jobId, query)) {
      muted.set(event.seq <= shownAfter);
      await renderer.sink(event);
      isOver = isTerminalEvent(event);
    }
    // Whoever begins behind the end sees no event, and the end all the same.
    return isOver || !signal.aborted;
  } catch (error) {
    throw outcomeUnknown(error, campaigns.place, jobId);
  } finally {
    clearInterval(alive);
    muted.set(false);
  }
}
