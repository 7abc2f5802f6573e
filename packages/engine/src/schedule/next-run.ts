import { toCmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { hasExported } from "../job/has-exported.ts";
import type { Job } from "../job/job.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import { newJob } from "../job/new-job.ts";
import { baselineOf } from "../spec/baseline-of.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { EngineParts } from "../worker/engine-parts.ts";
import type { RunEnd } from "../worker/run-outcome.ts";
import { followingJobId } from "./following-job-id.ts";
import { firstRunOf, scheduleOf } from "./schedule-of.ts";
import { specAt } from "./spec-at.ts";

/** What is needed to put in the next run of a schedule. */
export type ScheduleParts = Pick<EngineParts, "agent" | "calendar" | "digest" | "redact">;

/**
 * The end of a run, with the next run of its schedule: whatever the end is, and in the same change, so that there is
 * never none and never two. Its time is the first after this run's end: runs do not overlap, and times that were missed
 * are not made up for. `isReplaced`: another schedule has taken this one's place, and it ends here.
 */
export function withNextRun(
  parts: ScheduleParts,
  job: Job,
  now: number,
  end: RunEnd,
  isReplaced: boolean,
): RunEnd {
  const schedule = scheduleOf(job.spec);
  if (schedule === null || isReplaced || !isTerminalStatus(end.patch.status ?? job.status)) return end;
  try {
    const at = parts.calendar?.nextTime(schedule, now) ?? null;
    if (at === null) return saying(end, "schedule.over", "The schedule has no time after this one.");
    const next = newJob(
      {
        id: followingJobId(job.id, parts.digest),
        tenant: job.tenant,
        spec: nextSpec(parts, { ...job, ...end.patch }, { at, now }),
        priority: job.priority,
        notBefore: at,
        // Its results are not the next run's: that asks anew, as far as the source cache does not know.
        parentJobId: null,
      },
      now,
      parts.digest,
    );
    return { ...(forgetsBefore(job, at, now) ? forgetting(end, job) : end), next };
  } catch (error) {
    // A run ends in any case, with what it has.
    const reason = parts.redact(toCmoError(error).message);
    return saying(end, "schedule.over", `The schedule ends here, for no next run can be made: ${reason}`);
  }
}

/** The one place where the spec of a next run is made of the run before it. */
function nextSpec({ agent }: ScheduleParts, job: Job, { at, now }: { at: number; now: number }): JobSpec {
  const { schedule, ...kept } = specAt(job.spec, at, agent);
  const next = { ...kept, ...(kept.onlyNew === undefined ? {} : { onlyNew: countedFrom(job, { at, now }) }) };
  if (schedule === undefined) return next;
  const { firstRun: _firstRun, ...times } = schedule;
  return { ...next, schedule: { ...times, firstJobId: firstRunOf(job) } };
}

/**
 * Whoever this run exported is known to the next one, and whoever a run beside the schedule exports until that one is
 * due; a run that has nobody leaves the last run what it was.
 */
function countedFrom(job: Job, { at, now }: { at: number; now: number }): NonNullable<JobSpec["onlyNew"]> {
  const until = instantOf(at);
  if (hasExported(job)) {
    const startedAt = instantOf(job.startedAt ?? now);
    return { baseline: { jobId: job.id, startedAt, endedAt: instantOf(now), until } };
  }
  const before = baselineOf(job.spec);
  return { baseline: before === null ? null : { ...before, until } };
}

function instantOf(time: number): string {
  return new Date(time).toISOString();
}

/** Whether those whom this run exported are not known any more when the next one begins. */
function forgetsBefore({ spec }: Job, at: number, now: number): boolean {
  return spec.onlyNew !== undefined && at - now > spec.retention.days * dayMs;
}

function forgetting(end: RunEnd, { spec }: Job): RunEnd {
  const days = spec.retention.days;
  const message = `Who was exported is known for ${days} days (retention.days), and the next run comes later: it exports them again.`;
  return saying(end, "only_new.forgotten", message);
}

const dayMs = 86_400_000;

/** Said before the end, which is the last event of a log. */
function saying(end: RunEnd, code: string, message: string): RunEnd {
  const said: EventDraft = { type: "log", data: { level: "warning", code, message } };
  return { ...end, drafts: [said, ...end.drafts] };
}
