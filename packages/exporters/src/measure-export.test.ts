import { createHash, createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutFetchTimes } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLeads } from "../test/any-lead.ts";
import { exampleLead } from "../test/example-lead.ts";
import { renderText, streamed } from "../test/render-text.ts";
import { writeFileAtomically } from "./file/write-file-atomically.ts";
import { findLeadExporter, leadExporters } from "./lead-exporters.ts";
import { measureExport } from "./measure-export.ts";

const digest = (key?: string) => (key === undefined ? createHash("sha256") : createHmac("sha256", key));

describe("measureExport", () => {
  it.each(leadExporters)(
    "gives the size of the $id file as served, and the digest of its comparable form",
    async (exporter) => {
      const leads = [exampleLead(), exampleLead({ rank: 2, name: "山田太郎" })];
      const text = await renderText(exporter, leads);
      const comparable = await renderText(exporter, leads.map(withoutFetchTimes));
      expect(await measureExport(exporter, () => streamed(leads), 2, digest)).toEqual({
        bytes: Buffer.byteLength(text),
        rows: 2,
        digest: createHash("sha256").update(comparable).digest("hex"),
      });
    },
  );

  it("gives the same digest for runs that asked at other times, and another when a lead differs", async () => {
    const exporter = findLeadExporter("json");
    const digestOf = async (changes: Parameters<typeof exampleLead>[0]) =>
      (await measureExport(exporter, () => streamed([exampleLead(changes)]), 1, digest)).digest;
    const first = await digestOf({});
    expect(await digestOf({ fetchedAt: "2027-01-01T00:00:00.000Z", firstSeenAt: null })).toBe(first);
    expect(await digestOf({ followers: 13 })).not.toBe(first);
  });

  it("fails when the leads changed since they were counted", async () => {
    const measuring = measureExport(findLeadExporter("csv"), () => streamed([exampleLead()]), 2, digest);
    await expect(measuring).rejects.toMatchObject({ code: "export_failed" });
  });

  it("reports the very number of bytes that the written file has, for any leads", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cmo-exporters-"));
    try {
      await fc.assert(
        fc.asyncProperty(anyLeads, fc.constantFrom("json", "csv"), async (leads, id) => {
          const exporter = findLeadExporter(id);
          const path = join(folder, exporter.fileName("j1"));
          const written = await writeFileAtomically(path, exporter.render(streamed(leads), leads.length));
          const measured = await measureExport(exporter, () => streamed(leads), leads.length, digest);
          const { length } = await readFile(path);
          expect([measured.bytes, written.bytes]).toEqual([length, length]);
        }),
        { numRuns: 50 },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
