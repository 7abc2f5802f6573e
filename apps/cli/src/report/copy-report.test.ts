import type { CopyReport } from "@cmo/runtime";
import { describe, expect, it } from "vitest";
import { copyReport, createCopyProgress } from "./copy-report.ts";

const rows = {
  event: 1_234,
  task_result: 5,
  lead: 2,
  agent_record: 0,
  checkpoint: 1,
  suppressed: 3,
  erasure: 0,
  first_seen: 2,
  exported_file: 0,
  source_note: 0,
  shared: 0,
};

const report: CopyReport = {
  from: "/data/cmo.db",
  to: "postgres://cmo@db.example/cmo",
  dryRun: false,
  jobs: [{ id: "job_1", status: "queued", events: 1_234, logDigest: "0".repeat(64) }],
  leftOut: { present: ["job_2", "job_3"], erased: ["job_4"], expired: ["job_5"] },
  resumed: ["job_1"],
  rows,
  deleted: 0,
};

describe("The report of a copy", () => {
  it("counts each kind, names what goes on there, and says what was left out and why", () => {
    const text = copyReport(report);
    expect(text).toContain("Copied from /data/cmo.db to postgres://cmo@db.example/cmo:");
    expect(text).toMatch(/events +1,234\n/);
    expect(text).toContain("2 jobs there already");
    expect(text).toContain("1 job copied before and erased there since");
    expect(text).toContain("1 job whose retention is over");
    expect(text).toContain("In the queue there: job_1.");
    expect(text).toContain("in both stores now");
  });

  it("promises nothing when it only counted, and asks for no erasing when that was done", () => {
    const dry = copyReport({ ...report, dryRun: true, resumed: [] });
    expect(dry).toContain("Would copy");
    expect(dry).toContain("Nothing was changed.");
    expect(dry).not.toContain("in both stores now");
    const moved = copyReport({ ...report, deleted: 1 });
    expect(moved).toContain("1 job taken out of /data/cmo.db.");
    expect(moved).not.toContain("in both stores now");
  });
});

describe("The progress of a copy", () => {
  const at = { job: 2, jobs: 3, jobId: "job_2", rows: 4_000 };

  it("is one line that is written over on a terminal, and taken away at the end", () => {
    let now = 0;
    const progress = createCopyProgress({ redraw: true, now: () => now });
    expect(progress.at(at)).toBe("\r\u001B[Kjob 2 of 3, 4,000 rows");
    now += 50;
    expect(progress.at(at)).toBe("");
    expect(progress.end()).toBe("\r\u001B[K");
  });

  it("is a line every few seconds elsewhere, and nothing for what is done at once", () => {
    let now = 0;
    const progress = createCopyProgress({ redraw: false, now: () => now });
    expect(progress.at(at)).toBe("");
    now += 5_000;
    expect(progress.at(at)).toBe("job 2 of 3, 4,000 rows\n");
    expect(progress.end()).toBe("");
  });
});
