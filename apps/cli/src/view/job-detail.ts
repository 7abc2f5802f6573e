import { cleanText, formatDuration, type Job } from "@cmo/engine";
import { ageText } from "./age-text.ts";
import { instant, statusText } from "./job-facts.ts";

/** What is known of a job beside its row. */
export interface JobSurroundings {
  /** How long a worker may be silent before its job goes to another. */
  leaseMs: number;
  /** Where the job is kept. */
  store: string;
  /** How much its checkpoint holds, in bytes; null when there is none. */
  checkpointBytes: number | null;
  /** Files that were written from it. */
  files: readonly { readonly path: string; readonly there: boolean }[];
}

/** Everything about a job that its summary does not tell, as lines of text. */
export function jobDetail(job: Job, surroundings: JobSurroundings, now: number): string {
  const { percent, stage } = job.snapshot.progress;
  const at = stage === null || job.finishedAt !== null ? "" : `, at ${cleanText(stage)}`;
  const rows: [string, string | null][] = [
    ["retry of", job.parentJobId],
    ["attempt", attemptText(job)],
    ["priority", job.priority === 0 ? null : String(job.priority)],
    ["starts", startText(job, now)],
    ["worker", workerText(job, surroundings.leaseMs, now)],
    ["checkpoint", checkpointText(job, surroundings.checkpointBytes)],
    ["created", timeText(job.createdAt, now)],
    ["kept until", instant(job.keepUntil)?.slice(0, 10) ?? null],
    ["events", String(job.lastSeq)],
    ["store", surroundings.store],
    ...filesText(job, surroundings.files),
  ];
  const lines = rows.flatMap(([name, text]) => (text === null ? [] : [`  ${name.padEnd(10)}  ${text}\n`]));
  return `${job.id}  ${cleanText(job.spec.name)}: ${statusText(job, now)}, ${percent}%${at}\n${lines.join("")}`;
}

function attemptText({ attempt, spec }: Job): string | null {
  return attempt === 0 ? null : `${attempt} of at most ${spec.retries.maxAttempts}`;
}

function startText({ status, notBefore }: Job, now: number): string | null {
  if (status !== "queued" || notBefore <= now) return null;
  return `${instant(notBefore)}, in ${formatDuration(notBefore - now)}`;
}

function workerText({ status, leaseOwner, leaseUntil }: Job, leaseMs: number, now: number): string | null {
  if (status === "queued") return "none yet; start one with: cmo worker";
  if (leaseOwner === null || leaseUntil === null) return null;
  const left = leaseUntil - now;
  if (left <= 0) {
    return `${leaseOwner} is gone, silent since ${ageText(leaseMs - left)}; any worker goes on with it`;
  }
  return `${leaseOwner}, heard of ${ageText(leaseMs - left)} ago; another takes over in ${ageText(left)} if it stays silent`;
}

function checkpointText({ finishedAt, startedAt }: Job, bytes: number | null): string | null {
  if (finishedAt !== null || startedAt === null) return null;
  return bytes === null ? "none yet" : `${Math.max(1, Math.round(bytes / 1_024))} KiB`;
}

function filesText(
  { finishedAt }: Job,
  files: JobSurroundings["files"],
): [name: string, text: string | null][] {
  if (files.length === 0)
    return [["files", finishedAt === null ? null : "none; write them with: cmo export"]];
  return files.map(({ path, there }, index) => [
    index === 0 ? "files" : "",
    there ? path : `${path} (is not there any more)`,
  ]);
}

function timeText(at: number, now: number): string {
  return `${instant(at)}, ${ageText(now - at)} ago`;
}
