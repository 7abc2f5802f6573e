import { CmoError, jobsOlderThan, showPerson } from "@cmo/engine";
import {
  type PurgedFiles,
  peopleParts,
  purgeEverything,
  purgeJobs,
  purgeOlderThan,
  purgePerson,
  type StoredRuntime,
} from "@cmo/runtime";
import { type PurgePlan, type PurgeResult, planText, resultText } from "../report/purge-report.ts";
import { readAge } from "./age.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo purge` was told. */
export interface PurgeOptions extends StoreOptions {
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
  return withKeptStore(options, context, async (runtime) => {
    const plan = await target.plan(runtime);
    if (options.dryRun) {
      await say(options, context, { dryRun: true, ...plan }, `${planText(plan)}Nothing was erased.\n`);
      return exitCode.done;
    }
    if (!options.yes) {
      terminal.writeError(planText(plan));
      if (!(await isConfirmed(context))) return exitCode.failed;
    }
    const result = await target.purge(runtime);
    await say(options, context, jsonOf(result), resultText(result));
    const failed = result.files.filter(({ outcome }) => outcome === "failed");
    for (const { error } of failed) terminal.writeError(`${error?.message}\n`);
    if (failed.length > 0) {
      terminal.writeError("These files are tried again by the next purge, and by cmo worker.\n");
    }
    return failed.length > 0 ? exitCode.failed : exitCode.done;
  });
}

/** What is to be erased. */
interface PurgeTarget {
  plan(runtime: StoredRuntime): Promise<PurgePlan>;
  purge(runtime: StoredRuntime): Promise<PurgeResult>;
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
  if (person !== undefined) return personTarget(person, suppress);
  if (job !== undefined) return jobTarget(job);
  if (olderThan !== undefined) return ageTarget(now - readAge("--older-than", olderThan), olderThan);
  return everythingTarget();
}

function personTarget(person: string, suppress: boolean): PurgeTarget {
  return {
    async plan(runtime) {
      const { identity, records, files } = await showPerson(peopleParts(runtime), person);
      if (records.length === 0 && !suppress) {
        throw new CmoError("not_found", "Nothing is held about this person.");
      }
      const jobs = new Set(records.flatMap(({ jobId }) => jobId ?? []));
      const filePaths = files.map(({ path }) => path);
      return { scope: "person", identity, suppress, rows: records.length, jobs: [...jobs], files: filePaths };
    },
    async purge(runtime) {
      return { scope: "person", suppress, ...(await purgePerson(runtime, person, { suppress })) };
    },
  };
}

function jobTarget(jobIds: readonly string[]): PurgeTarget {
  const jobs = [...new Set(jobIds)];
  return {
    async plan(runtime) {
      for (const jobId of jobs) await findJob(runtime, jobId);
      return { scope: "job", jobs, held: [], files: await pathsOf(runtime, jobs) };
    },
    purge: async (runtime) => ({ scope: "job", ...(await purgeJobs(runtime, jobs)) }),
  };
}

function ageTarget(before: number, age: string): PurgeTarget {
  return {
    async plan(runtime) {
      const { free, held } = await jobsOlderThan(peopleParts(runtime), before);
      const jobs = free.map(({ id }) => id);
      const files = await pathsOf(runtime, jobs);
      return { scope: "older-than", age, jobs, held: held.map(({ id }) => id), files };
    },
    purge: async (runtime) => ({ scope: "older-than", age, ...(await purgeOlderThan(runtime, before)) }),
  };
}

function everythingTarget(): PurgeTarget {
  return {
    async plan(runtime) {
      const { free, held } = await jobsOlderThan(peopleParts(runtime), Number.POSITIVE_INFINITY);
      const jobs = [...free, ...held].map(({ id }) => id);
      return { scope: "all", jobs, held: [], files: await pathsOf(runtime, jobs) };
    },
    purge: async (runtime) => ({ scope: "all", ...(await purgeEverything(runtime)) }),
  };
}

async function pathsOf({ store }: StoredRuntime, jobs: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const jobId of jobs) paths.push(...(await store.readFiles(jobId)).map(({ path }) => path));
  return paths;
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

async function say(
  { output }: PurgeOptions,
  { terminal }: CommandContext,
  json: unknown,
  text: string,
): Promise<void> {
  await terminal.write(output === "json" ? `${JSON.stringify(json)}\n` : text);
}

function jsonOf(result: PurgeResult & PurgedFiles): unknown {
  const files = result.files.map(({ path, outcome, error }) => ({
    path,
    outcome,
    error: error === null ? null : { code: error.code, message: error.message },
  }));
  return { ...result, files };
}
