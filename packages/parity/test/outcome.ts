import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalLog, comparableSummary, type JobEvent, type RunSummary } from "@cmo/engine";

/** What a campaign came to, as far as it must be the same on every path (architecture, section 5, "Sameness"). */
export interface Outcome {
  readonly log: readonly string[];
  readonly summary: unknown;
  /** The text of each file without the job's id in its name, with the times of asking blank. */
  readonly files: Readonly<Record<string, string>>;
}

/** The outcome of a job whose files are in a folder of their own. */
export async function outcomeOf(events: readonly JobEvent[], folder: string): Promise<Outcome> {
  const written = await filesIn(folder);
  const { summary: text, ...leadFiles } = Object.fromEntries(
    [...written].map(([name, content]) => [
      name.replace(/^job_[^_]+_/, "").replace(/^summary\.json$/, "summary"),
      content,
    ]),
  );
  return {
    log: canonicalLog(events),
    summary: text === undefined ? null : comparableSummary(JSON.parse(text) as RunSummary),
    files: Object.fromEntries(
      Object.entries(leadFiles).map(([name, content]) => [name, withoutTimes(content)]),
    ),
  };
}

/** The files of a folder by name, as they are. */
export async function filesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder).catch(() => [])).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

/** `fetchedAt` and `firstSeenAt` are blank in what is compared: in JSON by their names, in CSV the last two columns. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/"(fetchedAt|firstSeenAt)":\s*"[^"]*"/g, '"$1":""')
    .replaceAll(/,\d{4}-[^,\n]*Z,\d{4}-[^,\n]*Z(?=\r?$)/gm, ",,");
}
