import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { ExpectedOutcome } from "@cmo/bundle";
import {
  CmoError,
  comparableSummary,
  digestText,
  type Lead,
  type LeadExporter,
  leadSchema,
  type RunSummary,
  withoutFetchTimes,
} from "@cmo/engine";
import { leadExporters, renderSummaryJson, summaryFileName } from "@cmo/exporters";
import * as v from "valibot";
import { compareJson } from "../chaos/compare-json.ts";
import { nodeDigest } from "../host/node-digest.ts";

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
 * which must have their form; CSV the same. @throws CmoError `not_found` for a file that cannot be read.
 */
export async function verifyFile(path: string, run: RunFiles): Promise<FileVerdict> {
  const text = await readText(path);
  if (text === null) return { path, ...changed("it is no UTF-8") };
  return { path, ...(await verdictOn(basename(path), text, run)) };
}

type Verdict = Omit<FileVerdict, "path">;

function changed(problem: string): Verdict {
  return { verdict: "changed", problem };
}

async function verdictOn(name: string, text: string, run: RunFiles): Promise<Verdict> {
  if (name === summaryFileName(run.jobId)) {
    const problem = summaryProblem(text, run);
    return problem === null ? { verdict: "as logged", problem } : changed(problem);
  }
  const exporter = leadExporters.find((one) => one.fileName(run.jobId) === name);
  if (exporter === undefined) return changed("a run has no file of that name");
  const known = run.files.filter(({ kind }) => kind === exporter.kind);
  if (known.length === 0) return { verdict: "uncovered", problem: null };
  const comparable = exporter.mediaType.startsWith("text/csv")
    ? csvWithoutTimes(text)
    : await jsonWithoutTimes(text, exporter);
  if (comparable === null) return changed("it does not have the form of such a file");
  const digest = digestText(nodeDigest, comparable);
  const match = known.find((one) => one.digest === digest);
  if (match === undefined) return changed("its digest is not the one in the log");
  return match.reduced === undefined
    ? { verdict: "as logged", problem: null }
    : { verdict: "reduced", problem: match.reduced };
}

function summaryProblem(text: string, { summaries }: RunFiles): string | null {
  const value = parse(text);
  if (typeof value !== "object" || value === null || renderSummaryJson(value) !== text) {
    return "it does not have the form of such a file";
  }
  let comparable: unknown;
  try {
    // What is not as it must be differs, or cannot be looked at.
    comparable = JSON.parse(JSON.stringify(comparableSummary(value as RunSummary)));
  } catch {
    return "it does not have the form of such a file";
  }
  const differences = summaries.map((summary) => compareJson(summary, comparable));
  return differences.includes(null) ? null : `${differences[0]?.path} is not what the log comes to`;
}

const leadFileSchema = v.strictObject({ count: v.number(), leads: v.array(leadSchema) });

/** The file with blank times; null when it is not, byte for byte, what its leads are written as. */
async function jsonWithoutTimes(text: string, exporter: LeadExporter): Promise<string | null> {
  const parsed = v.safeParse(leadFileSchema, parse(text));
  if (!parsed.success) return null;
  const { leads } = parsed.output;
  if ((await rendered(exporter, leads)) !== text) return null;
  return rendered(exporter, leads.map(withoutFetchTimes));
}

async function rendered(exporter: LeadExporter, leads: readonly Lead[]): Promise<string> {
  async function* inTurn() {
    yield* leads;
  }
  let text = "";
  for await (const piece of exporter.render(inTurn(), leads.length)) text += piece;
  return text;
}

/** The last two columns of each record blank; null when one does not end in two instants, or nothing in their place. */
function csvWithoutTimes(text: string): string | null {
  const [header, ...records] = recordsOf(text);
  if (header === undefined) return null;
  const blank = records.map((record) => {
    const match = timesAtEnd.exec(record);
    return match === null ? null : `${record.slice(0, match.index)},,\r\n`;
  });
  return blank.includes(null) ? null : header + blank.join("");
}

const instant = "(?:\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?Z)?";
const timesAtEnd = new RegExp(`,${instant},${instant}\\r\\n$`);

/** The records of a CSV with their ends; a line end within quotes is none. */
function recordsOf(text: string): string[] {
  const records: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === "\n" && !isQuoted) {
      records.push(text.slice(begin, at + 1));
      begin = at + 1;
    }
  }
  if (begin < text.length) records.push(text.slice(begin));
  return records;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CmoError("not_found", `${path} cannot be read (${error.code ?? error.message}).`, {
      cause: error,
    });
  });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
