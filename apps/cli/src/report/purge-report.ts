import type { PersonErased } from "@cmo/contract";
import type { JobErasure, PersonErasure, PersonReport } from "@cmo/engine";
import type { PurgedFiles } from "@cmo/runtime";
import { countText } from "../view/count-text.ts";

/** Files that an erase would reach: their paths where they are, how many elsewhere, or null when nobody tells. */
export type PlannedFiles = readonly string[] | number | null;

/** What became of files: each of them where they are, or how many. */
export type SettledFiles = PurgedFiles["files"] | PersonErased["files"];

/** What an erase would take. */
export type PurgePlan =
  | {
      readonly scope: "person";
      readonly identity: PersonReport["identity"];
      readonly suppress: boolean;
      readonly rows: number;
      readonly jobs: readonly string[];
      readonly files: PlannedFiles;
    }
  | {
      readonly scope: "job" | "older-than" | "all";
      readonly age?: string;
      readonly jobs: readonly string[];
      readonly held: readonly string[];
      readonly files: PlannedFiles;
    };

/** What an erase took. */
export type PurgeResult = { readonly files: SettledFiles } & (
  | ({ readonly scope: "person"; readonly suppress: boolean } & Omit<PersonErasure, "identity">)
  | ({ readonly scope: "job" | "older-than" | "all"; readonly age?: string } & JobErasure)
);

/** What would be erased, in lines. */
export function planText(plan: PurgePlan): string {
  if (plan.scope !== "person") {
    const what = plan.scope === "all" ? "Everything: " : "";
    return lines([
      `${what}${counted(plan.jobs.length, "job")} with all that is of them${plannedText(plan.files)}.`,
      ...plan.jobs.slice(0, mostNamed).map((jobId) => `  ${jobId}`),
      ...(plan.jobs.length > mostNamed ? [`  and ${countText(plan.jobs.length - mostNamed)} more`] : []),
      ...heldText(plan.held),
      ...(plan.scope === "all" ? [keptText] : []),
    ]);
  }
  const held =
    plan.rows === 0
      ? "Nothing is held about them."
      : `Held about them: ${counted(plan.rows, "entry", "entries")}, in ${counted(plan.jobs.length, "job")}; ${counted(plannedCount(plan.files) ?? 0, "file")} of these jobs.`;
  return lines([
    `Known by: ${knownBy(plan.identity)}.`,
    held,
    plan.suppress
      ? "They go on the suppression list, so that no campaign finds them again."
      : "They do not go on the suppression list: the next campaign may find them again.",
  ]);
}

/** What was erased, in lines. */
export function resultText(result: PurgeResult): string {
  const { rewritten, removed } = settledCounts(result.files);
  return lines([
    ...(result.scope === "person" ? personText(result) : jobsText(result)),
    ...(rewritten > 0 ? [`${counted(rewritten, "file")} written anew.`] : []),
    ...(removed > 0 ? [`${counted(removed, "file")} removed.`] : []),
    ...(result.state === "pending" ? [pendingText] : []),
  ]);
}

function plannedText(files: PlannedFiles): string {
  const count = plannedCount(files);
  return count === null ? ", files where the server is included" : `, and ${counted(count, "file")}`;
}

function plannedCount(files: PlannedFiles): number | null {
  return typeof files === "number" || files === null ? files : files.length;
}

/** How many files had which fate. */
export function settledCounts(files: SettledFiles): Omit<PersonErased["files"], "missing"> {
  if (!isListed(files)) return files;
  const count = (wanted: string) => files.filter(({ outcome }) => outcome === wanted).length;
  return { rewritten: count("rewritten"), removed: count("removed"), failed: count("failed") };
}

/** Whether each file is known. */
export function isListed(files: SettledFiles): files is PurgedFiles["files"] {
  return Array.isArray(files);
}

function personText({ found, rows, jobs, suppressed, suppress }: PurgeResult & { scope: "person" }) {
  const erased = `Erased: ${counted(rows, "entry", "entries")} in ${counted(jobs.length, "job")}.`;
  return [
    found ? erased : "Nothing was held about them.",
    suppress
      ? `On the suppression list by ${counted(suppressed, "keyed hash", "keyed hashes")}: they are not looked at, shown or exported.`
      : "Not on the suppression list: the next campaign may find them again.",
  ];
}

function jobsText({ scope, jobs, held }: PurgeResult & JobErasure) {
  return [
    jobs.length === 0 ? "There was no such job." : `Erased: ${counted(jobs.length, "job")}.`,
    ...heldText(held),
    ...(scope === "all" ? [keptText] : []),
  ];
}

function heldText(held: readonly string[]): string[] {
  return held.length === 0
    ? []
    : [`Left alone, since a worker is at it: ${held.join(", ")}. Erase it with: cmo purge --job`];
}

const mostNamed = 10;

const keptText =
  "The suppression list stays: it keeps out whoever asked for it, and holds keyed hashes only.";

const pendingText =
  "Pending: no command shows it any more, but its bytes may still stand in the database's files, since another program is reading them. The next cmo command finishes it.";

/** Everything that a person is known by, in a line. */
export function knownBy({ ids, logins, emails }: PersonReport["identity"]): string {
  return [...logins, ...ids.map((id) => `id:${id}`), ...emails].join(", ");
}

/** `1 job`, `2 jobs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
