import type { JSX } from "preact";
import { ChooseJobs } from "./choose-jobs.tsx";
import { JobDifference } from "./job-difference.tsx";

/** What differs between two jobs; the page to choose them while one is missing. */
export function DiffPage({ a, b }: { readonly a: string | null; readonly b: string | null }): JSX.Element {
  return a === null || b === null ? (
    <ChooseJobs key={a ?? ""} jobId={a} />
  ) : (
    <JobDifference key={`${a} ${b}`} a={a} b={b} />
  );
}
