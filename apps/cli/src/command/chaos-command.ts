import { formatProblems, rehearseCrashes } from "@cmo/runtime";
import { chaosReport, createChaosProgress, openingReport } from "../report/chaos-report.ts";
import { chooseOutput, wantsColors } from "../terminal/choose-output.ts";
import { createPaint } from "../view/paint.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { problemReport, readCampaign } from "./read-campaign.ts";

/** What `cmo chaos` was told. */
export interface ChaosOptions {
  config?: string;
  set: readonly string[];
  points?: number | "all";
  every?: number;
  moment: "before" | "after" | "both";
  seed: number;
  store: "sqlite" | "memory";
  output: "text" | "json";
  emoji: boolean;
}

/**
 * Crashes a campaign at its effects, and compares: 0 when it always comes to the same, 1 when it does not, 130 when it
 * was interrupted before anything differed. With `--output json`, stdout holds the verdict and nothing else.
 */
export async function chaosCommand(options: ChaosOptions, context: CommandContext): Promise<number> {
  const { host, terminal, interrupts } = context;
  const campaign = await readCampaign(context, options);
  if (!campaign.ok) {
    terminal.writeError(problemReport(campaign));
    return exitCode.usage;
  }
  if (campaign.warnings.length > 0) {
    terminal.writeError(`${formatProblems(campaign.warnings, campaign.file)}\n`);
  }
  const redraw =
    chooseOutput({
      requested: "auto",
      isTty: terminal.isTty(),
      columns: terminal.columns(),
      env: host.env,
    }).mode === "tty";
  const progress = createChaosProgress({ redraw, columns: () => terminal.columns(), now: host.clock.now });
  const told: Promise<void>[] = [];
  const tell = (text: string) => {
    if (options.output === "text" && text !== "") told.push(terminal.write(text));
  };
  const verdict = await rehearseCrashes({
    host,
    config: campaign.config,
    store: options.store,
    seed: options.seed,
    signal: AbortSignal.any([interrupts.signal, terminal.closed]),
    ...(options.moment === "both" ? {} : { moments: [options.moment] }),
    ...(options.every === undefined ? {} : { every: options.every }),
    ...(options.points === undefined ? {} : { points: options.points }),
    onBegin: (beginning) => tell(openingReport(beginning, campaign.file)),
    onPoint: (point) => tell(progress.at(point)),
  });
  tell(progress.end());
  if (options.output === "json") told.push(terminal.write(`${JSON.stringify(verdict)}\n`));
  const paint = createPaint(terminal.isTty() && wantsColors(host.env));
  tell(chaosReport(verdict, { emoji: options.emoji, paint }));
  await Promise.all(told);
  switch (verdict.verdict) {
    case "identical":
      return exitCode.done;
    case "different":
      return exitCode.failed;
    case "unfinished":
      return exitCode.interrupted;
    default:
      return verdict.verdict satisfies never;
  }
}
