import { CmoError } from "@cmo/engine";
import {
  type CopyReport,
  copyStore,
  createRuntime,
  type KeptLocation,
  openStoreEnds,
  resolveStoreLocation,
} from "@cmo/runtime";
import { copyReport, createCopyProgress } from "../report/copy-report.ts";
import { chooseOutput } from "../terminal/choose-output.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo store copy` was told. */
export interface StoreCopyOptions {
  job: readonly string[];
  pause: boolean;
  dryRun: boolean;
  deleteSource: boolean;
  erasedInBoth: boolean;
  output: "text" | "json";
}

/**
 * Copies a store into another; says how far it is on stderr, and at the end what was copied. With `--output json`,
 * stdout holds the report and nothing else. 130 when it was interrupted.
 * @throws CmoError `usage` for a store that keeps nothing, and for one store under two names; as `copyStore`.
 */
export async function storeCopyCommand(
  fromText: string,
  toText: string,
  options: StoreCopyOptions,
  context: CommandContext,
): Promise<number> {
  const { host, terminal, interrupts } = context;
  const locations = { from: locationOf(fromText, context), to: locationOf(toText, context) };
  const progress = createCopyProgress({ redraw: isRedrawn(context), now: host.clock.now });
  const tell = (text: string) => {
    if (text !== "") terminal.writeError(text);
  };
  const { from, to, close } = await openStoreEnds(locations, host);
  try {
    const { engine } = createRuntime({ host, store: from.store });
    const report = await copyStore({
      from,
      to,
      host,
      pause: (jobId) => engine.pause(jobId),
      jobIds: options.job.length === 0 ? null : options.job,
      pauseJobs: options.pause,
      dryRun: options.dryRun,
      deleteSource: options.deleteSource,
      erasedInBoth: options.erasedInBoth,
      signal: interrupts.signal,
      onProgress: (at) => tell(progress.at(at)),
    }).finally(() => tell(progress.end()));
    await terminal.write(textOf(report, options));
    return exitCode.done;
  } finally {
    await close();
  }
}

function locationOf(text: string, { host }: CommandContext): KeptLocation {
  const location = resolveStoreLocation({
    requested: text,
    saidWith: "A store to copy",
    env: host.env,
    platform: host.platform,
    cwd: host.cwd,
    get home() {
      return host.home;
    },
  });
  if (location.type !== "memory") return location;
  throw new CmoError("usage", "A store in memory keeps nothing that could be copied.", {
    hint: "Name disk, a file, or postgres://user@host:5432/name.",
  });
}

function isRedrawn({ host, terminal }: CommandContext): boolean {
  const facts = { isTty: terminal.stderr.isTTY === true, columns: terminal.stderr.columns ?? 0 };
  return chooseOutput({ requested: "auto", ...facts, env: host.env }).mode === "tty";
}

function textOf(report: CopyReport, { output }: StoreCopyOptions): string {
  return output === "json" ? `${JSON.stringify(report)}\n` : copyReport(report);
}
