import { resolve } from "node:path";
import { filterChannels, isTerminalEvent } from "@cmo/engine";
import { openBundledRun } from "@cmo/runtime";
import { learnNothing } from "../renderer/learn-grounds.ts";
import { openRenderer, outputModeOf } from "../renderer/open-renderer.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { createMutedContext } from "./muted-context.ts";
import { readChannel } from "./read-channel.ts";
import type { WatchOptions } from "./watch-command.ts";
import { writeOutcome } from "./write-outcome.ts";

/**
 * Shows the run in a bundle as it ran, out of its log, and gives the run's exit code. Nothing is run again, and no store
 * and no server is asked. @throws CmoError as `openBundledRun`.
 */
export async function watchBundle(
  file: string,
  options: Omit<WatchOptions, "giveUpAfter">,
  context: CommandContext,
): Promise<number> {
  const { host, terminal, interrupts } = context;
  const channels = options.channels?.map(readChannel);
  const run = await openBundledRun(resolve(host.cwd, file));
  try {
    const mode = outputModeOf(options, context);
    const muted = createMutedContext(context);
    const shown = { emoji: options.emoji, startsAt: null, learnGrounds: learnNothing };
    const renderer = await openRenderer(mode, shown, muted.context);
    const sink = channels === undefined ? renderer.sink : filterChannels(renderer.sink, channels);
    try {
      for await (const event of run.events()) {
        if (interrupts.signal.aborted) return exitCode.interrupted;
        if (terminal.closed.aborted) return exitCode.done;
        // Rows and lines are folds of the whole log; events stand for themselves.
        const isShown = event.seq >= options.from || isTerminalEvent(event);
        if (mode === "json" && !isShown) continue;
        muted.set(!isShown);
        await sink(event);
      }
    } finally {
      muted.set(false);
      await renderer.close();
    }
    const next = `To run it again, and compare: cmo replay ${file}`;
    return await writeOutcome(await run.summary(), { mode, emoji: options.emoji, next }, context);
  } finally {
    await run.close();
  }
}
