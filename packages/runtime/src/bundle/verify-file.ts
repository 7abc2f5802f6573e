import { basename } from "node:path";
import type { ExpectedOutcome } from "@cmo/bundle";
import { comparableSummary, type RunSummary } from "@cmo/engine";
import { leadExporters, renderSummaryJson, summaryFileName } from "@cmo/exporters";
import { compareJson } from "../chaos/compare-json.ts";
import { comparableDigest, wrongForm } from "./comparable-digest.ts";
import { fileLines, longestLine, WrongForm } from "./file-lines.ts";
import { parseJson } from "./parse-json.ts";

/** What the files of a run are checked against. */
export interface RunFiles {
  readonly jobId: string;
  /**
   * What the log says of each kind of file, several where more than one state of it is right; with `reduced`, a state that
   * an erase has left, and what is to be said of it.
   */
  readonly files: readonly { readonly kind: string; readonly digest: string; readonly reduced?: string }[];
  /** The comparable summaries that are right. */
  readonly summaries: readonly ExpectedOutcome["summary"][];
}

/**
 * Whether a file is what the log says. `uncovered`: the log holds no digest of its kind; `reduced`: it is what an erase
 * has left.
 */
export interface FileVerdict {
  readonly path: string;
  readonly verdict: "as logged" | "reduced" | "changed" | "uncovered";
  /** What does not fit, or what an erase has left; null when all is as logged, and for what is not covered. */
  readonly problem: string | null;
}

/** Which run a file is of by its name, `<job_id>_leads.json` and the like; null for a name that no file of a run has. */
export function jobOfFile(path: string): string | null {
  const match = /^(.+)_(?:summary\.json|leads(?:_[a-z]+)?\.(?:json|csv))$/.exec(basename(path));
  return match?.[1] ?? null;
}

/**
 * Checks a file of a run against its log: JSON byte for byte but for the times of asking, which no digest covers and
 * which must have their form; CSV the same. In memory that does not grow with the file. @throws CmoError `not_found` for a file that cannot be read.
 */
export async function verifyFile(path: string, run: RunFiles): Promise<FileVerdict> {
  try {
    return { path, ...(await verdictOn(path, run)) };
  } catch (error) {
    if (!(error instanceof WrongForm)) throw error;
    return { path, ...changed(error.message) };
  }
}

type Verdict = Omit<FileVerdict, "path">;

function changed(problem: string): Verdict {
  return { verdict: "changed", problem };
}

async function verdictOn(path: string, run: RunFiles): Promise<Verdict> {
  // First of all it must be there, and be text.
  for await (const _line of fileLines(path));
  const name = basename(path);
  if (name === summaryFileName(run.jobId)) {
    const problem = summaryProblem(await wholeText(path), run);
    return problem === null ? { verdict: "as logged", problem } : changed(problem);
  }
  const exporter = leadExporters.find((one) => one.fileName(run.jobId) === name);
  if (exporter === undefined) return changed("a run has no file of that name");
  const known = run.files.filter(({ kind }) => kind === exporter.kind);
  if (known.length === 0) return { verdict: "uncovered", problem: null };
  const digest = await comparableDigest(path, exporter);
  const match = known.find((one) => one.digest === digest);
  if (match === undefined) return changed("its digest is not the one in the log");
  return match.reduced === undefined
    ? { verdict: "as logged", problem: null }
    : { verdict: "reduced", problem: match.reduced };
}

function summaryProblem(text: string, { summaries }: RunFiles): string | null {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || renderSummaryJson(value) !== text) return wrongForm;
  let comparable: unknown;
  try {
    // What is not as it must be differs, or cannot be looked at.
    comparable = JSON.parse(JSON.stringify(comparableSummary(value as RunSummary)));
  } catch {
    return wrongForm;
  }
  const differences = summaries.map((summary) => compareJson(summary, comparable));
  return differences.includes(null) ? null : `${differences[0]?.path} is not what the log comes to`;
}

/** A summary is small, however large its run was. */
async function wholeText(path: string): Promise<string> {
  let text = "";
  for await (const line of fileLines(path)) {
    text += line;
    if (text.length > longestLine) throw new WrongForm(wrongForm);
  }
  return text;
}
