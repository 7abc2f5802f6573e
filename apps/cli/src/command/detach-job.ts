import { CmoError, type JobSpec, jsonLinesSink, type SubmitOptions, scheduleOf } from "@cmo/engine";
import type { StorePlace } from "../place/place.ts";
import type { OutputMode } from "../renderer/renderer.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What {@link detachJob} puts into the queue, and how it says so. */
export interface DetachedJob {
  spec: JobSpec;
  submit: SubmitOptions;
  mode: OutputMode;
}

/**
 * Puts a job into the queue and leaves it there. Its id alone is written to stdout, or its first event for machines;
 * what to do next to stderr. @throws CmoError `usage` for a store that ends with this process.
 */
export async function detachJob(
  { spec, submit, mode }: DetachedJob,
  place: StorePlace,
  { terminal }: CommandContext,
): Promise<number> {
  const { engine, store } = place.runtime;
  if (!store.durable) {
    throw new CmoError("usage", "A job in memory ends with the command: it cannot be detached.", {
      hint: "Leave out --store memory (or CMO_STORE=memory), or name a file with --store.",
    });
  }
  const { id, notBefore } = await engine.submit(spec, submit);
  const schedule = scheduleOf(spec);
  if (mode === "json") {
    const toLine = jsonLinesSink((text) => terminal.write(text));
    for (const event of await store.readEvents(id, 0, 1)) await toLine(event);
  } else if (mode !== "silent") {
    await terminal.write(`${id}\n`);
  }
  if (mode === "silent") return exitCode.done;
  const when = notBefore === 0 ? "" : `, not before ${new Date(notBefore).toISOString()}`;
  terminal.writeError(
    [
      `Queued: a worker takes it${when}. Start one with: ${place.command("worker")}`,
      `  to watch it         ${place.command("watch", id)}`,
      `  to work on it here  ${place.command("run --resume", id)}`,
      `  its files, later    ${place.command("export", id)}`,
      ...(schedule === null ? [] : [`  when it runs again  ${place.command("schedules")}`]),
      "",
    ].join("\n"),
  );
  return exitCode.done;
}
