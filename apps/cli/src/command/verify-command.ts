import { resolve } from "node:path";
import { CmoError, comparableSummary, toCmoError } from "@cmo/engine";
import { checkBundle, jobOfFile, type RunFiles, verifyFile } from "@cmo/runtime";
import { findJob } from "../place/find-job.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** One line of what was found. */
interface Finding {
  readonly file: string;
  readonly ok: boolean;
  readonly text: string;
}

/**
 * Checks bundles, and files of runs against the log of their run: that of a bundle beside them on the command line, else
 * that of the store. 0 when everything is as it was written, 1 when something is not.
 * @throws CmoError `usage` for a name that no file of a run has; `not_found` for what is not there.
 */
export async function verifyCommand(
  files: readonly string[],
  options: PlaceOptions,
  context: CommandContext,
): Promise<number> {
  const { host, terminal } = context;
  const bundles = files.filter((file) => file.endsWith(".zip"));
  const others = files.filter((file) => !file.endsWith(".zip"));
  for (const file of others) {
    if (jobOfFile(file) === null) {
      throw new CmoError("usage", `${file} is neither a bundle (.zip) nor named as a file of a run is.`, {
        hint: "Name bundles, or files such as exports/JOB_leads.json, JOB_leads.csv, JOB_summary.json.",
      });
    }
  }
  const runs = new Map<string, RunFiles>();
  const findings: Finding[] = [];
  for (const file of bundles) {
    try {
      const { run, events, answers } = await checkBundle(resolve(host.cwd, file));
      runs.set(run.jobId, run);
      findings.push({ file, ok: true, text: `whole: ${events} events, ${answers} answers` });
    } catch (error) {
      const { code, message } = toCmoError(error);
      if (code !== "bundle_invalid") throw error;
      findings.push({ file, ok: false, text: message });
    }
  }
  for (const file of others) {
    const jobId = jobOfFile(file) ?? "";
    const run = runs.get(jobId) ?? (await runOfStore(jobId, options, context));
    runs.set(jobId, run);
    const { verdict, problem } = await verifyFile(resolve(host.cwd, file), run);
    const text = verdict === "uncovered" ? "the log holds no digest of it" : (problem ?? "as logged");
    findings.push({ file, ok: problem === null, text });
  }
  for (const { file, ok, text } of findings)
    await terminal.write(`${ok ? "ok     " : "CHANGED"} ${file}: ${text}\n`);
  return findings.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
}

/** What the log of a job in the store, or behind the API, says of its files. */
function runOfStore(jobId: string, options: PlaceOptions, context: CommandContext): Promise<RunFiles> {
  return withCampaigns(options, context, async (campaigns) => {
    await findJob(campaigns, jobId);
    const summary = await campaigns.service.summary(jobId);
    const files = summary.artifacts.map(({ kind, digest }) => ({ kind, digest }));
    return { jobId, files, summaries: [JSON.parse(JSON.stringify(comparableSummary(summary)))] };
  });
}
