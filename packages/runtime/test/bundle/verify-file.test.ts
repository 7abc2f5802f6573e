import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBundle, exportJob, jobOfFile, verifyFile } from "../../src/index.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

describe("verifyFile", () => {
  it("knows the files of a run, and finds a changed byte of them wherever it is", async () => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign());
    const { path } = await writeBundle(runtime, jobId);
    const { run } = await checkBundle(path);
    const directory = dirname(path);
    const { files } = await exportJob({ engine: runtime.engine, jobId, directory, presets: ["hubspot"] });
    for (const file of files) {
      const verdict = file.path.includes("hubspot") ? "uncovered" : "as logged";
      expect(await verifyFile(file.path, run)).toEqual({ path: file.path, verdict, problem: null });
    }

    for (const name of [`${jobId}_leads.json`, `${jobId}_leads.csv`]) {
      const bytes = await readFile(join(directory, name));
      // No digest covers the times of asking: that they have their form is all that can be said.
      const text = bytes.toString("latin1");
      const times = [...text.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z/g)];
      const isTime = (at: number) =>
        times.some(({ index, 0: time }) => at >= index && at < index + time.length);
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 127 }), async (at, by) => {
          if (isTime(at)) return;
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ by;
          const other = join(directory, name);
          await writeFile(other, changed);
          expect((await verifyFile(other, run)).verdict).toBe("changed");
        }),
        { numRuns: 40 },
      );
    }
    const summary = join(directory, `${jobId}_summary.json`);
    await writeFile(summary, (await readFile(summary, "utf8")).replace('"leads": ', '"leads": 1'));
    expect((await verifyFile(summary, run)).problem).toContain("counts.leads");
    await expect(verifyFile(join(directory, "missing_leads.csv"), run)).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("jobOfFile", () => {
  it("tells the job by the name", () => {
    expect(jobOfFile("/a/exports/job_1_leads.json")).toBe("job_1");
    expect(jobOfFile("job_1_leads_hubspot.csv")).toBe("job_1");
    expect(jobOfFile("job_1_summary.json")).toBe("job_1");
    expect(jobOfFile("job_1_leads.txt")).toBeNull();
  });
});
