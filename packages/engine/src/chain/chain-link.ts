import { type Digest, digestText } from "../port/digest.ts";
import type { LogRow } from "../port/job-change.ts";

/** What every chain of this form begins with. */
const form = "cmo-log-1";

/** The link before a job's first event: the logs of two jobs are never taken for each other. */
export function firstLink(digest: Digest, jobId: string): string {
  return digestText(digest, `${form}\n${jobId}`);
}

/** The link over some events: SHA-256 of the link before, of where it begins, and of their {@link chainLine}s. */
export function linkAfter(digest: Digest, before: string, from: number, lines: string): string {
  return digestText(digest, `${before}\n${from}\n${lines}`);
}

/**
 * A canonical event as the chain has it, a line with its end: its data are the very text that is stored, for in JSON that is read
 * and written again some changes of bytes are gone. Of an error only the code: its message may name somebody, and is
 * written anew when they are erased. A digest of it would tell who guesses right whom it named.
 */
export function chainLine({ seq, at, v, type, data }: Omit<LogRow, "link">): string {
  return `${seq} ${at} ${v} ${type} ${type === "job.failed" ? withoutErrorText(data) : data}\n`;
}

/** How a link is kept with its event. */
export function linkText(from: number, link: string): string {
  return `${from}:${link}`;
}

/** A {@link linkText} as it was made; null for another text. */
export function readLinkText(text: string): { readonly from: number; readonly link: string } | null {
  const match = /^([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(text);
  return match === null ? null : { from: Number(match[1]), link: match[2] ?? "" };
}

function withoutErrorText(data: string): string {
  const { error, ...others } = JSON.parse(data) as { readonly error?: { readonly code?: unknown } };
  return JSON.stringify({ ...others, error: { code: error?.code ?? null } });
}
