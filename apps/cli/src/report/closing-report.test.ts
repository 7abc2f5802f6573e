import { buildSummary } from "@cmo/engine";
import { campaignLog, completedEnd, failedEnd } from "@cmo/view/testing";
import { describe, expect, it } from "vitest";
import { closingReport } from "./closing-report.ts";

const options = {
  emoji: false,
  width: 100,
  cwd: "/campaigns",
  again: "cmo run --config c.yaml",
  goOn: "cmo run --resume job_test",
  share: "cmo bundle job_test",
  nextRun: null,
  presets: [],
};

describe("The closing report", () => {
  it("names the job's files as seen from here, and what to do next", () => {
    const files = [
      { path: "/campaigns/exports/job_test_summary.json", rows: null, bytes: 1 },
      { path: "/elsewhere/job_test_leads.csv", rows: 1, bytes: 1 },
    ];
    const text = closingReport({ summary: buildSummary(campaignLog(...completedEnd), []), files }, options);
    expect(text).toContain(
      "Files of job_test\n  exports/job_test_summary.json\n  /elsewhere/job_test_leads.csv  (1 lead)",
    );
    expect(text).toContain("--preset");
    expect(text).toMatch(/^\nOK Completed/);
  });

  it("says after a failure how to run again, and how to let somebody look into it", () => {
    const text = closingReport({ summary: buildSummary(campaignLog(...failedEnd), []), files: [] }, options);
    expect(text).toContain("FAILED");
    expect(text).toContain("cmo run --config c.yaml");
    expect(text).toContain("cmo bundle job_test\n");
    expect(text).not.toContain("Files of");
  });

  it("keeps a command in one line, so that it can be copied", () => {
    const again = "cmo retry job_test --api-base http://cmo.example:2660";
    const result = { summary: buildSummary(campaignLog(...failedEnd), []), files: [] };
    const narrow = closingReport(result, { ...options, again, width: 60 });
    expect(narrow).toContain(`To run it again:\n  ${again}\n`);
    expect(closingReport(result, { ...options, again })).toContain(`To run it again: ${again}\n`);
  });

  it("breaks what it says of the next run between words, and no command", () => {
    const command =
      "  to end the schedule  cmo cancel job_0123456789abcdefghij --api-base http://cmo.example";
    const nextRun = `Next run: Mon 2030-01-07 06:00 (Europe/Vienna); a process that works on this store runs it.\n${command}`;
    const result = { summary: buildSummary(campaignLog(...completedEnd), []), files: [] };
    const text = closingReport(result, { ...options, nextRun, width: 60 });
    expect(text.split("Next run")[1]?.split("\n").slice(0, 3)).toEqual([
      ": Mon 2030-01-07 06:00 (Europe/Vienna); a process",
      "  that works on this store runs it.",
      command,
    ]);
  });
});
