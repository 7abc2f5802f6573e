import { canonicalLog, comparableSummary, type JobEvent } from "@cmo/engine";
import { expect } from "vitest";
import type { CampaignPlace } from "./campaign-place.ts";

/**
 * What must be the same however often a job was interrupted: the canonical log, the comparable summary, and the lead
 * files without the times of reading.
 */
export async function outcomeOf(place: CampaignPlace, jobId: string) {
  const [json, csv] = [await place.file(jobId, "leads.json"), await place.file(jobId, "leads.csv")];
  return {
    json: json.replaceAll(/"(fetchedAt|firstSeenAt)":\s*"[^"]*"/g, '"$1":""'),
    csv: csv.replaceAll(/,\d{4}-[^,\n]*Z,\d{4}-[^,\n]*Z(?=\r?$)/gm, ",,"),
    log: canonicalLog(await place.events(jobId)),
    summary: comparableSummary(JSON.parse(await place.file(jobId, "summary.json"))),
  };
}

/** Runs the very spec of a job again, undisturbed, and gives what came out and how many requests it took. */
export async function undisturbed(place: CampaignPlace, jobId: string) {
  const job = await place.engine.job(jobId);
  if (job === null) throw new Error(`no job ${jobId}`);
  const before = place.requests();
  const { id } = await place.engine.submit(job.spec);
  // What the disturbed job was answered is nothing that this one may use.
  const { code, stderr } = await place.run(["run", "--resume", id, "--fresh", "--output", "silent"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return { requests: place.requests() - before, outcome: await outcomeOf(place, id) };
}

/** Sequence numbers from 1 without a gap or a repeat. */
export function expectGapless(events: readonly JobEvent[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
}

/** A process asks who it is before anything else. */
export const requestsAtStart = 1;
