import { initialProgress, type JobStatus } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import type { JobRow } from "../list/job-row.ts";
import { comparableJobs, olderFirst } from "./comparable-jobs.ts";

const row = (id: string, name: string, status: JobStatus, parentJobId: string | null = null): JobRow => ({
  id,
  name,
  progress: { ...initialProgress([]), status },
  lastSeq: 1,
  view: { parentJobId } as JobRow["view"],
});

const rows = [
  row("job_7", "go", "running"),
  row("job_6", "rust", "completed"),
  row("job_5", "go", "failed"),
  row("job_4", "fork", "completed", "job_3"),
  row("job_3", "go", "completed", "job_1"),
  row("job_2", "go", "cancelled"),
  row("job_1", "old", "completed"),
];

describe("The jobs that one can be compared with", () => {
  it("have ended, its own family first, then those of its name, each in the order of the list", () => {
    const found = comparableJobs(rows, { id: "job_3", name: "go", parentJobId: "job_1" });
    expect(found.map(({ row: { id }, relation }) => [id, relation])).toEqual([
      ["job_1", "parent"],
      ["job_4", "child"],
      ["job_5", "same name"],
      ["job_2", "same name"],
      ["job_6", null],
    ]);
  });

  it("are all that have ended while none is chosen", () => {
    expect(comparableJobs(rows, null).map(({ row: { id } }) => id)).toEqual([
      "job_6",
      "job_5",
      "job_4",
      "job_3",
      "job_2",
      "job_1",
    ]);
  });

  it("are compared from the older to the newer", () => {
    const [old, young] = [{ createdAt: "2030-01-01T00:00:00Z" }, { createdAt: "2030-01-02T00:00:00Z" }];
    expect(olderFirst(old, young)).toEqual([old, young]);
    expect(olderFirst(young, old)).toEqual([old, young]);
  });
});
