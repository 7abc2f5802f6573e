import { CmoError, type MovedMark } from "@cmo/engine";
import { parseStored } from "./stored-json.ts";

/** The id under which a job stands while it is being copied in: no job of an engine has one like it. */
export function copyingId(jobId: string): string {
  return `${copyingPrefix}${jobId}`;
}

/** Whom a job belongs to while it is being copied in: nobody, as no tenant may have such a name. */
export const copyingTenant = "copying:";

/** As a pattern of `LIKE`: whatever {@link copyingId} gives. */
export const copyingPattern = "copying:%";

/** The name of the shared text that says where a job went from here. */
export function movedName(jobId: string): string {
  return `moved:${jobId}`;
}

/** The name of the shared text that says that a job came here by a copy. */
export function copiedName(jobId: string): string {
  return `copied:${jobId}`;
}

/**
 * A condition on a column that holds the name of a shared text: it is about this store and means nothing in another one.
 * Those are the notes of copies (`moved:`, `copied:`, `copying:`), and the boards of tokens (`quota:`), which count
 * requests that processes of this store have in flight; the source says with its next answer what is left of a quota.
 */
export function isOfThisStore(column: string): string {
  return localPrefixes.map((prefix) => `${column} LIKE '${prefix}%'`).join(" OR ");
}

/** What somebody hears who wants to go on with a job that is worked on elsewhere. */
export function movedError(jobId: string, mark: string): CmoError {
  const { to } = parseStored<MovedMark>(mark);
  return new CmoError("conflict", `Job ${jobId} was moved to ${to}.`, {
    hint: `Go on with it there: cmo resume ${jobId} --store ${to}. If that store is lost: cmo cancel ${jobId}, then cmo retry ${jobId}.`,
  });
}

const copyingPrefix = "copying:";
const localPrefixes = ["moved:", "copied:", "copying:", "quota:"];
