import { initialProgress, type JobStatus } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { filterJobs } from "./filter-jobs.ts";
import type { JobRow } from "./job-row.ts";

const row = (id: string, name: string, status: JobStatus): JobRow => ({
  id,
  name,
  progress: { ...initialProgress([]), status },
  lastSeq: 1,
  view: null,
});

const rows = [
  row("job_1", "Go maintainers", "running"),
  row("job_2", "Rust", "completed"),
  row("job_3", "go compilers", "paused"),
];

describe("The list of jobs", () => {
  it.each([
    ["", "all", ["job_1", "job_2", "job_3"]],
    ["GO", "all", ["job_1", "job_3"]],
    ["go comp", "all", ["job_3"]],
    ["job_2", "all", ["job_2"]],
    ["", "active", ["job_1", "job_3"]],
    ["", "completed", ["job_2"]],
    ["rust", "active", []],
  ] as const)("with %j of %s is %j", (search, group, ids) => {
    expect(filterJobs(rows, { search, group }).map(({ id }) => id)).toEqual(ids);
  });
});
