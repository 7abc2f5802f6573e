import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  canonicalLog,
  comparableSummary,
  type JobEvent,
  type Lead,
  type LeadExporter,
  type RunSummary,
  withoutFetchTimes,
} from "@cmo/engine";
import { leadExporters, renderSummaryJson, summaryFileName } from "@cmo/exporters";
import type { Runtime } from "../runtime/create-runtime.ts";

/** What a job came to, for whoever looks at it afterwards. */
export interface Remains {
  readonly summary: RunSummary;
  readonly events: readonly JobEvent[];
  readonly leads: readonly Lead[];
  /** What two runs are compared by (architecture: sameness). */
  readonly comparable: {
    readonly log: readonly string[];
    readonly summary: unknown;
    /** The native lead files by kind, with the times of asking blank. */
    readonly files: Readonly<Record<string, string>>;
  };
  /** What the exported files of the job must hold, byte for byte, by name; nothing for a dry run. */
  readonly rendered: Readonly<Record<string, string>>;
}

/** Reads what a job came to, and renders its files. */
export async function readRemains({ engine, store }: Runtime, jobId: string): Promise<Remains> {
  const summary = await engine.summary(jobId);
  const events = await readAllEvents(store, jobId);
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId)) leads.push(lead);
  const files: Record<string, string> = {};
  const rendered: Record<string, string> = {};
  for (const exporter of nativeExporters) {
    files[exporter.kind] = await render(exporter, leads.map(withoutFetchTimes));
    rendered[exporter.fileName(jobId)] = await render(exporter, leads);
  }
  const dryRun = (await engine.job(jobId))?.spec.dryRun === true;
  return {
    summary,
    events,
    leads,
    comparable: { log: canonicalLog(events), summary: comparableSummary(summary), files },
    rendered: dryRun ? {} : { [summaryFileName(jobId)]: renderSummaryJson(summary), ...rendered },
  };
}

/** The names of the files that a job's export writes. */
export function exportedNames(jobId: string): string[] {
  return [summaryFileName(jobId), ...nativeExporters.map((exporter) => exporter.fileName(jobId))];
}

/** These files as they are in a folder; null for one that is not there. */
export async function readFolder(
  directory: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string | null>>> {
  const texts: Record<string, string | null> = {};
  for (const name of names) {
    texts[basename(name)] = await readFile(join(directory, name), "utf8").catch(() => null);
  }
  return texts;
}

/** All events of a job; none when it is not there. */
export async function readStoredEvents({ engine, store }: Runtime, jobId: string): Promise<JobEvent[]> {
  return (await engine.job(jobId)) === null ? [] : readAllEvents(store, jobId);
}

async function readAllEvents(store: Runtime["store"], jobId: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for (;;) {
    const page = await store.readEvents(jobId, events.at(-1)?.seq ?? 0, pageSize);
    events.push(...page);
    if (page.length < pageSize) return events;
  }
}

const pageSize = 10_000;

const nativeExporters = leadExporters.filter((exporter) => exporter.rows === "all");

async function render(exporter: LeadExporter, leads: readonly Lead[]): Promise<string> {
  let text = "";
  for await (const piece of exporter.render(inTurn(leads), leads.length)) text += piece;
  return text;
}

async function* inTurn(leads: readonly Lead[]): AsyncGenerator<Lead> {
  yield* leads;
}
