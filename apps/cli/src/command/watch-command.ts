import { type Channel, CmoError, channels as knownChannels, renderSummary } from "@cmo/engine";
import type { StoredRuntime } from "@cmo/runtime";
import {
  openRenderer,
  outputModeOf,
  reportWidth,
  type ShowOptions,
  writeReport,
} from "../renderer/open-renderer.ts";
import type { Renderer } from "../renderer/renderer.ts";
import { renderers } from "../renderer/renderers.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, jobCommand, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo watch` was told. */
export interface WatchOptions extends ShowOptions, StoreOptions {
  /** The first event that is shown, counted from 1. */
  from: number;
  channels?: readonly string[];
}

/**
 * Shows a job while it runs, in whichever process, or as it ran. Ends with the job, and with the job's exit code. An
 * interrupt detaches; the job goes on.
 */
export async function watchCommand(
  jobId: string,
  options: WatchOptions,
  context: CommandContext,
): Promise<number> {
  const channels = options.channels?.map(readChannel);
  return withKeptStore(options, context, async (runtime) => {
    const { status, notBefore } = await findJob(runtime, jobId);
    const mode = outputModeOf(options, context);
    if (status === "paused") {
      context.terminal.writeError(
        `The job is paused. To go on: ${jobCommand("run --resume", jobId, options)}\n`,
      );
    }
    const muted = mutable(context);
    const renderer = await openRenderer(
      mode,
      {
        emoji: options.emoji,
        onInterrupt: () => `Detached; the job goes on. ${hints(jobId, options)}`,
        startsAt: status === "queued" && notBefore > context.host.clock.now() ? notBefore : null,
      },
      muted.context,
    );
    try {
      // Rows and lines are folds of the whole log: what lies before is read, and not shown. Events stand for themselves.
      const shownAfter = Math.max(0, options.from - 1);
      const after = mode === "json" ? shownAfter : 0;
      await feed(runtime, { jobId, after, shownAfter, channels, renderer, muted }, context);
    } finally {
      await renderer.close();
    }
    const summary = await runtime.engine.summary(jobId);
    if (context.terminal.closed.aborted) return exitCode.done;
    if (summary.ok === null) return exitCode.interrupted;
    const text = renderSummary(
      { ...summary, goal: null },
      { emoji: options.emoji, width: reportWidth(context) },
    );
    const files = `Its files are written with: ${jobCommand("export", jobId, options)}\n`;
    if (mode !== "json") {
      await writeReport(renderers[mode], { report: `\n${text}\n${files}`, good: summary.ok }, context);
    }
    return summary.ok ? exitCode.done : exitCode.failed;
  });
}

interface Feed {
  jobId: string;
  after: number;
  shownAfter: number;
  channels: readonly Channel[] | undefined;
  renderer: Renderer;
  muted: { set(muted: boolean): void };
}

async function feed(
  { engine }: StoredRuntime,
  { jobId, after, shownAfter, channels, renderer, muted }: Feed,
  { interrupts, terminal }: CommandContext,
): Promise<void> {
  // Listening to a store keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  const signal = AbortSignal.any([interrupts.signal, terminal.closed]);
  try {
    const watched = { after, signal, ...(channels === undefined ? {} : { channels }) };
    for await (const event of engine.watch(jobId, watched)) {
      muted.set(event.seq <= shownAfter);
      await renderer.sink(event);
    }
  } finally {
    clearInterval(alive);
    muted.set(false);
  }
}

/** A context whose lines can be held back; a list of rows is drawn on the stream itself, and always whole. */
function mutable(context: CommandContext): { context: CommandContext; set(muted: boolean): void } {
  let muted = false;
  const { terminal } = context;
  const write = async (text: string) => (muted ? undefined : terminal.write(text));
  return {
    context: { ...context, terminal: { ...terminal, write } },
    set(value) {
      muted = value;
    },
  };
}

function hints(jobId: string, options: StoreOptions): string {
  return `To come back: ${jobCommand("watch", jobId, options)}; to end it: ${jobCommand("cancel", jobId, options)}`;
}

function readChannel(text: string): Channel {
  const channel = knownChannels.find((one) => one === text);
  if (channel !== undefined) return channel;
  throw new CmoError("usage", `There is no channel ${JSON.stringify(text)}.`, {
    hint: `Use ${knownChannels.join(", ")}, with commas between them.`,
  });
}
