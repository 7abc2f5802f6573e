import type { JobView } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import type { Campaigns } from "../place/campaigns.ts";
import { zoneTimeText } from "./zone-time-text.ts";

/** The run that a schedule has put in after a job; null when there is none: the job has not ended, or the schedule has. */
export async function findNextRun(
  { service }: Pick<Campaigns, "service">,
  { schedule }: Pick<JobView, "schedule">,
): Promise<JobView | null> {
  if (schedule === null) return null;
  try {
    const next = await service.job(schedule.nextJobId);
    return next.finishedAt === null ? next : null;
  } catch (error) {
    if (error instanceof CmoError && error.code === "not_found") return null;
    throw error;
  }
}

/**
 * As {@link findNextRun}, of a job that has ended and is told of: null also where nobody can say it any more, for what is
 * known of its end is not made less by that.
 */
export async function findRunAfter(
  campaigns: Pick<Campaigns, "service">,
  jobId: string,
): Promise<JobView | null> {
  try {
    return await findNextRun(campaigns, await campaigns.service.job(jobId));
  } catch {
    return null;
  }
}

/** Says when a campaign runs again, who runs it then, and how that is stopped. */
export function nextRunText(
  { id, notBefore, schedule }: JobView,
  { place }: Pick<Campaigns, "place">,
): string {
  const timeZone = schedule?.timeZone ?? "UTC";
  const time =
    notBefore === null ? "at once" : `${zoneTimeText(Date.parse(notBefore), timeZone)} (${timeZone})`;
  const isStore = place.type === "store";
  const who = isStore ? "a process that works on this store runs it" : "the server runs it";
  const end = `to end the schedule  ${place.command("cancel", id)}`;
  const work = isStore ? [`  to run what waits    ${place.command("worker")}`] : [];
  return [`Next run: ${time}; ${who}.`, ...work, `  ${end}`].join("\n");
}
