import { createMemoryStore, type Engine, type Lead } from "@cmo/engine";
import { buildLead } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { checkExportDirectory } from "./check-export-directory.ts";
import { checkPresets, exportJob } from "./export-job.ts";

const leads = [
  buildLead({ rank: 1 }),
  buildLead({ rank: 2, contactable: false, email: null }),
  buildLead({ rank: 3 }),
];
const engine = {
  async *leads(_jobId: string, filter: { contactable?: boolean } = {}): AsyncGenerator<Lead> {
    yield* leads.filter(
      (lead) => filter.contactable === undefined || lead.contactable === filter.contactable,
    );
  },
  summary: async () => ({ jobId: "job_1", artifacts: [] }),
  store: createMemoryStore({ clock: { now: () => 0 }, random: () => 0.5 }),
} as unknown as Engine;

async function exported(presets: readonly string[]) {
  const texts = new Map<string, string>();
  const writeFile = async (path: string, pieces: AsyncIterable<string>) => {
    let text = "";
    for await (const piece of pieces) text += piece;
    texts.set(path, text);
    return { bytes: Buffer.byteLength(text) };
  };
  const { files } = await exportJob({ engine, jobId: "job_1", directory: "out", presets, writeFile });
  return { files, texts };
}

describe("exportJob", () => {
  it("writes the summary and the native files, and says how many leads each holds", async () => {
    const { files, texts } = await exported([]);
    expect(files.map(({ path, rows }) => [path, rows])).toEqual([
      ["out/job_1_summary.json", null],
      ["out/job_1_leads.json", 3],
      ["out/job_1_leads.csv", 3],
    ]);
    for (const { path, bytes } of files) expect(bytes).toBe(Buffer.byteLength(texts.get(path) ?? ""));
    expect(texts.get("out/job_1_summary.json")).not.toContain("summary.json");
  });

  it("gives other systems only those who may be contacted, and each preset once", async () => {
    const { files } = await exported(["hubspot", "hubspot", "json"]);
    expect(files.map(({ rows }) => rows)).toEqual([null, 3, 3, 2]);
  });

  it("refuses a preset that there is none of, and names those that are", () => {
    expect(() => checkPresets(["hubspot", "hubspt"])).toThrow(
      expect.objectContaining({ code: "usage", hint: expect.stringContaining("hubspot, salesforce, attio") }),
    );
    expect(() => checkPresets(["hubspot", "attio"])).not.toThrow();
  });

  it("finds out before a run that a folder cannot be written, and names the folder", async () => {
    await expect(checkExportDirectory("/dev/null/exports")).rejects.toMatchObject({
      code: "export_failed",
      message: expect.stringMatching(/to \/dev\/null\/exports: (?!.*write-check)/),
      hint: expect.stringContaining("another folder"),
    });
  });
});
