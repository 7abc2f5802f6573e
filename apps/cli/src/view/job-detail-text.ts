import type { JobDetail } from "@cmo/contract";
import { cleanText, formatDuration } from "@cmo/engine";
import type { Place } from "../place/place.ts";
import { ageText } from "./age-text.ts";

/** A file that was written from a job. */
export interface NotedFile {
  readonly path: string;
  readonly there: boolean;
}

/** What is known of a job beside the job itself. */
export interface JobSurroundings {
  readonly place: Pick<Place, "type" | "name">;
  /** Files that were written from it; null where nobody tells. */
  readonly files: readonly NotedFile[] | null;
}

/** Everything about a job that its summary does not tell, as lines of text. */
export function jobDetailText(job: JobDetail, { place, files }: JobSurroundings, now: number): string {
  const { percent, stage, finishedAt } = job;
  const at = stage === null || finishedAt !== null ? "" : `, at ${cleanText(stage)}`;
  const rows: [string, string | null][] = [
    ["parent", job.parentJobId],
    ["attempt", job.attempt === 0 ? null : `${job.attempt} of at most ${job.maxAttempts}`],
    ["priority", job.priority === 0 ? null : String(job.priority)],
    ["starts", startText(job, now)],
    ["again", scheduleText(job)],
    ["worker", workerText(job, place, now)],
    ["checkpoint", checkpointText(job)],
    ["created", `${job.createdAt}, ${ageText(now - Date.parse(job.createdAt))} ago`],
    ["kept until", job.keepUntil?.slice(0, 10) ?? null],
    ["events", String(job.lastSeq)],
    [place.type, place.name],
    ...(files === null ? [] : filesText(finishedAt, files)),
  ];
  const lines = rows.flatMap(([name, text]) => (text === null ? [] : [`  ${name.padEnd(10)}  ${text}\n`]));
  return `${job.id}  ${cleanText(job.name)}: ${job.state}, ${percent}%${at}\n${lines.join("")}`;
}

function startText({ status, notBefore }: JobDetail, now: number): string | null {
  const inMs = notBefore === null ? 0 : Date.parse(notBefore) - now;
  return status === "queued" && inMs > 0 ? `${notBefore}, in ${formatDuration(inMs)}` : null;
}

function scheduleText({ schedule, finishedAt }: JobDetail): string | null {
  if (schedule === null) return null;
  const { cron, timeZone, nextJobId } = schedule;
  return `${cleanText(cron)} (${timeZone})${finishedAt === null ? "" : `, as ${nextJobId}`}`;
}

function workerText({ status, lease, leaseMs }: JobDetail, { type }: Pick<Place, "type">, now: number) {
  if (status === "queued") return type === "store" ? "none yet; start one with: cmo worker" : "none yet";
  if (lease === null || lease.until === null) return null;
  const left = Date.parse(lease.until) - now;
  if (left <= 0) {
    return `${lease.worker} is gone, silent since ${ageText(leaseMs - left)}; any worker goes on with it`;
  }
  return `${lease.worker}, heard of ${ageText(leaseMs - left)} ago; another takes over in ${ageText(left)} if it stays silent`;
}

function checkpointText({ finishedAt, startedAt, checkpointBytes: bytes }: JobDetail): string | null {
  if (finishedAt !== null || startedAt === null) return null;
  return bytes === null ? "none yet" : `${Math.max(1, Math.round(bytes / 1_024))} KiB`;
}

function filesText(
  finishedAt: string | null,
  files: readonly NotedFile[],
): [name: string, text: string | null][] {
  if (files.length === 0)
    return [["files", finishedAt === null ? null : "none; write them with: cmo export"]];
  return files.map(({ path, there }, index) => [
    index === 0 ? "files" : "",
    there ? path : `${path} (is not there any more)`,
  ]);
}
