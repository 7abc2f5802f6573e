import { CmoError, decodeJobEvent, type JobEvent } from "@cmo/engine";

/** A job's log out of a file. */
export interface SavedLog {
  readonly jobId: string;
  readonly events: readonly JobEvent[];
}

/** Larger files would not fit into a page. */
const mostBytes = 500 * 1024 * 1024;
/** A page that works for longer than this at once stands still. */
const linesAtOnce = 5_000;

/** Reads a file of events, a line each. @throws CmoError `usage` for what is none, with the line. */
export async function readSavedJob(file: File): Promise<SavedLog> {
  if (file.size > mostBytes) throw refused(`${file.name} is larger than 500 MB.`);
  const events: JobEvent[] = [];
  let number = 0;
  for (const line of (await file.text()).split("\n")) {
    number += 1;
    if (number % linesAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
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

function refused(message: string): CmoError {
  return new CmoError("usage", message, {
    hint: "Save it with cmo run --output json, or in a job's events by Save the log.",
  });
}
