import { type Command, Option } from "commander";
import type { CommandContext } from "../command/command-context.ts";
import type { DiffOptions } from "../command/diff-command.ts";
import type { ExportOptions } from "../command/export-command.ts";
import type { ForkOptions } from "../command/fork-command.ts";
import type { JobsOptions } from "../command/jobs-command.ts";
import type { LeadsOptions } from "../command/leads-command.ts";
import type { PurgeOptions } from "../command/purge-command.ts";
import type { SchedulesOptions } from "../command/schedules-command.ts";
import type { ShowJobOptions } from "../command/show-command.ts";
import type { WatchOptions } from "../command/watch-command.ts";
import type { WorkerOptions } from "../command/worker-command.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import {
  addPlaceOptions,
  exportsOption,
  formOption,
  giveUpOption,
  list,
  modeOption,
  presetOption,
  score,
  setOption,
  storeOption,
  wholeNumber,
} from "./option.ts";
import { addSuppressCommand } from "./suppress-commands.ts";

/** Adds the commands over stored jobs: one file in `command/` and one entry here each. */
export function addJobCommands(
  program: Command,
  run: (command: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  addPlaceOptions(
    program
      .command("jobs")
      .description("list jobs, the newest first")
      .option("--status <names>", "only these, with commas between them: running,paused", list)
      .option("--limit <count>", "at most so many", wholeNumber(1, 1_000), 20)
      .option("--after <job>", "go on behind this one")
      .addOption(formOption()),
  ).action((options: JobsOptions) =>
    run(async (context) => (await import("../command/jobs-command.ts")).jobsCommand(options, context)),
  );

  addPlaceOptions(
    program
      .command("schedules")
      .description("list the campaigns that run again by themselves: when, and how one is stopped")
      .addOption(formOption()),
  ).action((options: SchedulesOptions) =>
    run(async (context) =>
      (await import("../command/schedules-command.ts")).schedulesCommand(options, context),
    ),
  );

  addPlaceOptions(
    program
      .command("show")
      .description(
        "show what a job has come to, or the run in a bundle, or everything that is held about a person",
      )
      .argument("[job]", "its id, or a bundle's file")
      .option("--person <login>", "in place of a job: a login, or id:NODE_ID")
      .option("--config", "only the config that the job was made from, as it was written", false)
      .option("--no-emoji", "plain words in place of symbols")
      .addOption(formOption()),
  ).action((jobId: string | undefined, { person, ...options }: ShowJobOptions & { person?: string }) =>
    run(async (context) => {
      if (jobId !== undefined && person === undefined) {
        return (await import("../command/show-command.ts")).showCommand(jobId, options, context);
      }
      if (jobId === undefined && person !== undefined) {
        const { showPersonCommand } = await import("../command/show-person-command.ts");
        return showPersonCommand({ ...options, person }, context);
      }
      const { CmoError } = await import("@cmo/engine");
      throw new CmoError("usage", "Say what is to be shown: a job, or somebody with --person LOGIN.");
    }),
  );

  addPlaceOptions(
    program
      .command("watch")
      .description("show a job as it runs, or as it ran, out of a bundle too; Ctrl-C leaves it to itself")
      .argument("<job>", "its id, or a bundle's file")
      .option("--from <seq>", "begin with this event", wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
      .option(
        "--channels <names>",
        "only these and the job's own: stage,metrics,tool,artifact,log,quota",
        list,
      )
      .addOption(modeOption())
      .option("--no-emoji", "plain words in place of symbols")
      .addOption(giveUpOption()),
  ).action((jobId: string, options: WatchOptions) =>
    run(async (context) =>
      (await import("../command/watch-command.ts")).watchCommand(jobId, options, context),
    ),
  );

  const controls = [
    ["pause", "keep what a job has found, and stop it until it is resumed"],
    ["resume", "put a paused job back into the queue, for a worker"],
    ["cancel", "end a job; what it found so far stays"],
    ["retry", "a new job for one that failed or was cancelled; asks for nothing that was answered"],
  ] as const;
  for (const [verb, description] of controls) {
    addPlaceOptions(program.command(verb).description(description).argument("<job>", "its id")).action(
      (jobId: string, options: PlaceOptions) =>
        run(async (context) =>
          (await import("../command/control-command.ts")).controlCommand(verb, jobId, options, context),
        ),
    );
  }

  addPlaceOptions(
    program
      .command("fork")
      .description("a new job with other values over a job's campaign; asks for nothing unless it may")
      .argument("<job>", "the id of a job that is completed")
      .addOption(setOption())
      .option("--allow-requests", "ask for what the job was not told", false),
  ).action((jobId: string, options: ForkOptions) =>
    run(async (context) => (await import("../command/fork-command.ts")).forkCommand(jobId, options, context)),
  );

  addPlaceOptions(
    program
      .command("leads")
      .description("print a job's leads, the best first")
      .argument("<job>", "its id")
      .option("--contactable", "only those who may be contacted", false)
      .option("--min-score <score>", "only those with at least this score", score)
      .option("--search <text>", "only where it stands in login, name, address, company, location or bio")
      .option(
        "--sort <key>",
        "by rank, login, name, score, followers, commits, ...; -score: the greatest first",
      )
      .option("--desc", "the greatest first", false)
      .option("--skip <count>", "pass over so many", wholeNumber(0, 10_000_000), 0)
      .option("--limit <count>", "at most so many", wholeNumber(1, 10_000_000))
      .addOption(
        new Option("--format <format>", "how").choices(["table", "json", "csv", "ndjson"]).default("table"),
      ),
  ).action((jobId: string, options: LeadsOptions) =>
    run(async (context) =>
      (await import("../command/leads-command.ts")).leadsCommand(jobId, options, context),
    ),
  );

  addPlaceOptions(
    program
      .command("diff")
      .description(
        "show what differs between two jobs: leads, summary, campaign; exits with 1 when they differ",
      )
      .argument("<a>", "the id of a job")
      .argument("<b>", "and of another")
      .option("--limit <count>", "at most so many leads of each kind", wholeNumber(0, 1_000), 20)
      .addOption(formOption()),
  ).action((jobId: string, otherId: string, options: DiffOptions) =>
    run(async (context) =>
      (await import("../command/diff-command.ts")).diffCommand([jobId, otherId], options, context),
    ),
  );

  addPlaceOptions(
    program
      .command("export")
      .description("write the files of a job that has ended")
      .argument("<job>", "its id")
      .addOption(exportsOption("where the files go"))
      .addOption(presetOption()),
  ).action((jobId: string, options: ExportOptions) =>
    run(async (context) =>
      (await import("../command/export-command.ts")).exportCommand(jobId, options, context),
    ),
  );

  addSuppressCommand(program, run);

  addPlaceOptions(
    program
      .command("purge")
      .description(
        "erase a person, jobs, what is old, or everything: from the store, and from the files written of it",
      )
      .option("--person <login>", "a login, or id:NODE_ID; they go on the suppression list too")
      .option("--no-suppress", "with --person: do not put them on the suppression list")
      .option("--job <jobs...>", "jobs with all that is of them; a running one is cancelled first")
      .option("--older-than <age>", "jobs that ended longer ago: 90d, 12h, 2w")
      .option("--all", "every job; the suppression list stays", false)
      .option("--dry-run", "say what would be erased, and erase nothing", false)
      .option("-y, --yes", "do not ask", false)
      .addOption(formOption()),
  ).action((options: PurgeOptions) =>
    run(async (context) => (await import("../command/purge-command.ts")).purgeCommand(options, context)),
  );

  program
    .command("worker")
    .description("work on queued jobs until told to stop; what runs then goes on elsewhere")
    .option("--concurrency <count>", "how many jobs at once", wholeNumber(1, 100), 1)
    .option(
      "--health-port <number>",
      "answer /healthz, /readyz and /metrics on this port, 0 for any (default: nowhere)",
      wholeNumber(0, 65_535),
    )
    .option(
      "--health-host <address>",
      "and on this address; other than this machine's own only with keys (default: CMO_HOST, else 127.0.0.1)",
    )
    .addOption(storeOption())
    .action((options: WorkerOptions) =>
      run(async (context) => (await import("../command/worker-command.ts")).workerCommand(options, context)),
    );
}
