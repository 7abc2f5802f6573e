import { CmoError, decodeJobEvent, type JobEvent } from "@cmo/engine";
import { giveWay } from "./give-way.ts";

/** A job's log out of a file. */
export interface SavedLog {
  readonly jobId: string;
  readonly events: readonly JobEvent[];
}

/** A greater log would not fit into a page, in bytes. */
export const mostLogBytes = 500 * 1024 * 1024;

/** Reads a file of events, a line each. @throws CmoError `usage` for what is none, with the line. */
export async function readSavedLog(file: File): Promise<SavedLog> {
  if (file.size > mostLogBytes) throw refused(`${file.name} is larger than 500 MB.`, tooLargeHint);
  const events: JobEvent[] = [];
  let number = 0;
  for (const line of (await file.text()).split("\n")) {
    number += 1;
    await giveWay(number);
    if (line.trim() === "") continue;
    const read = decodeJobEvent(line);
    if (!read.ok)
      throw refused(`Line ${number} is no event: ${read.problems[0]?.message ?? "not readable"}.`);
    const last = events.at(-1);
    if (last !== undefined && read.value.jobId !== last.jobId) {
      throw refused(`Line ${number} is of another job, ${read.value.jobId}.`);
    }
    if (last !== undefined && read.value.seq !== last.seq + 1) {
      // A log that was read twice, or broke off and was read on, is no harm.
      if (read.value.seq <= last.seq) continue;
      throw refused(`Before line ${number}, events ${last.seq + 1} to ${read.value.seq - 1} are missing.`);
    }
    events.push(read.value);
  }
  const [first] = events;
  if (first === undefined) throw refused(`There is no event in ${file.name}.`);
  return { jobId: first.jobId, events };
}

const formsHint =
  "Open a bundle (cmo bundle JOB), or a log: cmo run --output json, or in a job's events Save the log.";
const tooLargeHint =
  "A page has no room for it. A bundle of the same run can be checked and run again: cmo verify, cmo replay.";

function refused(message: string, hint = formsHint): CmoError {
  return new CmoError("usage", message, { hint });
}
