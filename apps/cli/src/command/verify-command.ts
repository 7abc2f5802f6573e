import { resolve } from "node:path";
import type { JobVerification } from "@cmo/contract";
import { CmoError, comparableSummary, toCmoError } from "@cmo/engine";
import { checkBundle, jobOfFile, type RunFiles, verifyFile } from "@cmo/runtime";
import type { Campaigns } from "../place/campaigns.ts";
import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { untilInterrupted } from "../place/until-interrupted.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { isBundleName } from "./bundle-name.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** One line of what was found. */
interface Finding {
  /** A file, or the id of a job. */
  readonly subject: string;
  readonly verdict: "ok" | "reduced" | "CHANGED";
  readonly text: string;
}

/** A run, and what was found of its job where it was looked for. */
interface KnownRun {
  readonly run: RunFiles;
  readonly findings: readonly Finding[];
}

/**
 * Checks jobs, bundles, and files of runs: a job by the chain of its log, a file by the log of its run, which is that of
 * a bundle beside it on the command line, else that of the store. 0 when nothing was changed, 1 when something was.
 * @throws CmoError `usage` for a name that no file of a run has; `not_found` for what is not there; `cancelled` when it is
 * interrupted.
 */
export function verifyCommand(
  names: readonly string[],
  options: PlaceOptions,
  context: CommandContext,
): Promise<number> {
  const { signal } = context.interrupts;
  return untilInterrupted(verify(names, options, context), signal, {
    message: "Interrupted. It was not looked at to its end.",
  });
}

async function verify(
  names: readonly string[],
  options: PlaceOptions,
  context: CommandContext,
): Promise<number> {
  const { host, terminal } = context;
  const bundles = names.filter(isBundleName);
  const others = names.filter((name) => !isBundleName(name));
  for (const name of others) {
    if (jobOfFile(name) === null && !isJobId(name)) {
      throw new CmoError(
        "usage",
        `${name} is no bundle (.zip), no job, and not named as a file of a run is.`,
        {
          hint: "Name jobs, bundles, or files such as exports/JOB_leads.json, JOB_leads.csv, JOB_summary.json.",
        },
      );
    }
  }
  const findings: Finding[] = [];
  const runs = new Map<string, KnownRun>();
  for (const file of bundles) {
    try {
      const { run, events, answers } = await checkBundle(resolve(host.cwd, file));
      runs.set(run.jobId, { run, findings: [] });
      findings.push({ subject: file, verdict: "ok", text: `whole: ${events} events, ${answers} answers` });
    } catch (error) {
      const { code, message } = toCmoError(error);
      if (code !== "bundle_invalid") throw error;
      findings.push({ subject: file, verdict: "CHANGED", text: message });
    }
  }
  const jobs = new Set(others.map((name) => jobOfFile(name) ?? name));
  const asked = [...jobs].filter((jobId) => !runs.has(jobId) || others.includes(jobId));
  if (asked.length > 0) {
    await withCampaigns(options, context, async (campaigns) => {
      for (const jobId of asked) {
        const known = await runOfStore(campaigns, jobId);
        findings.push(...known.findings);
        // A bundle knows its run by itself.
        if (!runs.has(jobId)) runs.set(jobId, known);
      }
    });
  }
  for (const file of others.filter((name) => jobOfFile(name) !== null)) {
    const known = runs.get(jobOfFile(file) ?? "");
    if (known === undefined) continue;
    const { verdict, problem } = await verifyFile(resolve(host.cwd, file), known.run);
    findings.push({ subject: file, ...findingOf(verdict, problem) });
  }
  for (const { subject, verdict, text } of findings)
    await terminal.write(`${verdict.padEnd(7)} ${subject}: ${text}\n`);
  return findings.some(({ verdict }) => verdict === "CHANGED") ? exitCode.failed : exitCode.done;
}

/** What no path of a file looks like. */
function isJobId(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

function findingOf(
  verdict: Awaited<ReturnType<typeof verifyFile>>["verdict"],
  problem: string | null,
): Omit<Finding, "subject"> {
  switch (verdict) {
    case "as logged":
      return { verdict: "ok", text: "as logged" };
    case "uncovered":
      return { verdict: "ok", text: "the log holds no digest of it" };
    case "reduced":
      return { verdict: "reduced", text: problem ?? "fewer rows than the log says" };
    case "changed":
      return { verdict: "CHANGED", text: problem ?? "not as logged" };
    default:
      return verdict satisfies never;
  }
}

/** What a job in the store, or behind the API, says of its files, and what is to be said of itself. */
async function runOfStore(campaigns: Campaigns, jobId: string): Promise<KnownRun> {
  await findJob(campaigns, jobId);
  const found = await campaigns.service.verification(jobId);
  const summary = await campaigns.service.summary(jobId);
  const logged = found.files.map(({ kind, loggedDigest }) => ({ kind, digest: loggedDigest }));
  const reduced = found.files
    .filter(({ verdict }) => verdict === "reduced")
    .map((file) => ({ kind: file.kind, digest: file.digest, reduced: reductionOf(file, found) }));
  return {
    run: {
      jobId,
      files: [...logged, ...reduced],
      summaries: [JSON.parse(JSON.stringify(comparableSummary(summary)))],
    },
    findings: findingsOf(found),
  };
}

function findingsOf(found: JobVerification): readonly Finding[] {
  const { jobId: subject, log, spec, files } = found;
  const { problem, uncovered, canonical, covered, events } = log;
  const findings: Finding[] = [];
  if (problem !== null) {
    const where =
      problem.first === problem.last
        ? `event ${problem.first}`
        : `events ${problem.first} to ${problem.last}`;
    findings.push({ subject, verdict: "CHANGED", text: `the log, ${where}: ${problem.message}` });
  } else {
    const left = uncovered.map(({ first, last, count }) => `${count} from ${first} to ${last}`).join(", ");
    const text =
      left === ""
        ? `the log is whole: ${events} events, all ${canonical} canonical ones in its chain`
        : `the log has ${events} events; ${covered} of ${canonical} canonical ones in its chain, not covered: ${left}, of a version without one`;
    findings.push({ subject, verdict: "ok", text });
  }
  if (spec === "changed")
    findings.push({ subject, verdict: "CHANGED", text: "its spec is not the one of the log" });
  for (const file of files) {
    if (file.verdict === "as_logged") continue;
    findings.push(
      file.verdict === "reduced"
        ? { subject, verdict: "reduced", text: `${file.kind}: ${reductionOf(file, found)}` }
        : {
            subject,
            verdict: "CHANGED",
            text: `${file.kind}: the leads in the store are not those of the log`,
          },
    );
  }
  return findings;
}

function reductionOf(
  { rows, loggedRows }: JobVerification["files"][number],
  { erasedAt }: JobVerification,
): string {
  const who = erasedAt === null ? "people were suppressed" : `people were erased on ${erasedAt.slice(0, 10)}`;
  return `${rows} of ${loggedRows} rows; ${who} since the run`;
}
