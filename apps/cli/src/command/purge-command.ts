import { CmoError } from "@cmo/engine";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { apiPurge } from "../purge/api-purge.ts";
import type { PurgeTarget } from "../purge/purge-target.ts";
import { storePurge } from "../purge/store-purge.ts";
import { isListed, type PurgeResult, planText, resultText, settledCounts } from "../report/purge-report.ts";
import { readAge } from "./age.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo purge` was told. */
export interface PurgeOptions extends PlaceOptions {
  person?: string;
  job?: readonly string[];
  olderThan?: string;
  all: boolean;
  suppress: boolean;
  yes: boolean;
  dryRun: boolean;
  output: "text" | "json";
}

/**
 * Erases a person, jobs, what is older than some age, or everything; says before what it would be, and after what it
 * was. 1 when a file could not be seen to.
 * @throws CmoError `usage` unless exactly one of them is named, and when nobody confirms it; `not_found`, `conflict`.
 */
export async function purgeCommand(options: PurgeOptions, context: CommandContext): Promise<number> {
  const target = targetOf(options, context.host.clock.now());
  const { terminal } = context;
  return withCampaigns(options, context, async (campaigns) => {
    const { place } = campaigns;
    const purge = place.type === "store" ? storePurge(place, target) : apiPurge(campaigns, target);
    const plan = await purge.plan();
    if (options.dryRun) {
      await say(options, context, { dryRun: true, ...plan }, `${planText(plan)}Nothing was erased.\n`);
      return exitCode.done;
    }
    if (!options.yes) {
      terminal.writeError(planText(plan));
      if (!(await isConfirmed(context))) return exitCode.failed;
    }
    const result = await purge.carryOut();
    await say(options, context, jsonOf(result), resultText(result));
    return tellFailed(result, place.type, context);
  });
}

function targetOf(options: PurgeOptions, now: number): PurgeTarget {
  const { person, job, olderThan, all, suppress } = options;
  const named = [person, job, olderThan, all || undefined].filter((one) => one !== undefined);
  if (named.length !== 1) {
    throw new CmoError("usage", "Say what is to be erased, and only one of them.", {
      hint: "Use --person LOGIN, --job JOB, --older-than 90d, or --all.",
    });
  }
  if (!suppress && person === undefined) {
    throw new CmoError("usage", "--no-suppress belongs to --person.");
  }
  if (person !== undefined) return { scope: "person", person, suppress };
  if (job !== undefined) return { scope: "job", jobIds: [...new Set(job)] };
  if (olderThan === undefined) return { scope: "all" };
  return { scope: "older-than", age: olderThan, before: now - readAge("--older-than", olderThan) };
}

async function isConfirmed({ terminal }: CommandContext): Promise<boolean> {
  const answer = await terminal.ask("Erase this? It cannot be undone. [y/N] ");
  if (answer === null) {
    throw new CmoError("usage", "Nothing was erased: nobody is there to confirm it.", {
      hint: "Say --yes, or look first with --dry-run.",
    });
  }
  if (/^y(?:es)?$/i.test(answer.trim())) return true;
  terminal.writeError("Nothing was erased.\n");
  return false;
}

function tellFailed(
  { files }: PurgeResult,
  where: "store" | "api",
  { terminal }: Pick<CommandContext, "terminal">,
): number {
  const { failed } = settledCounts(files);
  if (failed === 0) return exitCode.done;
  if (isListed(files)) {
    for (const { error } of files) if (error !== null) terminal.writeError(`${error.message}\n`);
  }
  terminal.writeError(
    where === "store"
      ? "These files are tried again by the next purge, and by cmo worker.\n"
      : `${failed} of the server's files could not be seen to; it tries them again by itself.\n`,
  );
  return exitCode.failed;
}

async function say(
  { output }: PurgeOptions,
  { terminal }: CommandContext,
  json: unknown,
  text: string,
): Promise<void> {
  await terminal.write(output === "json" ? `${JSON.stringify(json)}\n` : text);
}

function jsonOf(result: PurgeResult): unknown {
  if (!isListed(result.files)) return result;
  const files = result.files.map(({ path, outcome, error }) => ({
    path,
    outcome,
    error: error === null ? null : { code: error.code, message: error.message },
  }));
  return { ...result, files };
}
