import type { JobView, UnreadableJobView } from "@cmo/contract";
import { cleanText } from "@cmo/engine";
import type { Campaigns } from "../place/campaigns.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { table } from "../view/table.ts";
import { zoneTimeText } from "../view/zone-time-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo schedules` was told. */
export interface SchedulesOptions extends PlaceOptions {
  output: "text" | "json";
}

/** Lists the campaigns that run again by themselves, by their run that waits or is under way; how one is stopped. */
export async function schedulesCommand(options: SchedulesOptions, context: CommandContext): Promise<number> {
  const { terminal } = context;
  return withCampaigns(options, context, async (campaigns) => {
    const { runs, unreadable } = await openRuns(campaigns);
    if (options.output === "json") {
      await terminal.write([...runs, ...unreadable].map((job) => `${JSON.stringify(job)}\n`).join(""));
      return exitCode.done;
    }
    for (const { error } of unreadable) terminal.writeError(`Left out: ${error.message}\n`);
    if (runs.length === 0) {
      terminal.writeError("No campaign runs again by itself. A config says when with: schedule\n");
      return exitCode.done;
    }
    await terminal.write(table(columns, runs.map(rowOf), terminal.isTty() ? terminal.columns() : 0));
    terminal.writeError(
      `To end a schedule, cancel its run that waits: ${campaigns.place.command("cancel JOB")}\n`,
    );
    return exitCode.done;
  });
}

async function openRuns({ service }: Campaigns) {
  const runs: JobView[] = [];
  const unreadable: UnreadableJobView[] = [];
  for (let after: string | undefined; ; ) {
    const page = await service.jobs({
      scheduled: true,
      status: ["queued", "running", "paused"],
      limit: 1_000,
      after,
    });
    runs.push(...page.jobs);
    unreadable.push(...(page.unreadable ?? []));
    if (page.next === null)
      return { runs: runs.toSorted((one, other) => startOf(one) - startOf(other)), unreadable };
    after = page.next;
  }
}

function startOf({ startedAt, notBefore }: JobView): number {
  return startedAt === null && notBefore !== null ? Date.parse(notBefore) : 0;
}

const columns = [
  { title: "NEXT RUN" },
  { title: "TIME ZONE" },
  { title: "SCHEDULE" },
  { title: "JOB" },
  { title: "NAME", most: 32 },
] as const;

function rowOf(job: JobView): string[] {
  const { cron = "", timeZone = "UTC" } = job.schedule ?? {};
  return [nextOf(job, timeZone), timeZone, cleanText(cron), job.id, cleanText(job.name)];
}

function nextOf({ state, status, startedAt, notBefore }: JobView, timeZone: string): string {
  if (startedAt !== null) return `after this one, ${state}`;
  if (status === "paused") return "held until it is resumed";
  return notBefore === null ? "when a worker takes it" : zoneTimeText(Date.parse(notBefore), timeZone);
}
