import { CmoError } from "@cmo/engine";
import { describeExporterContract } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { findLeadExporter, leadExporters } from "./lead-exporters.ts";

for (const { id } of leadExporters)
  describeExporterContract(`The ${id} exporter`, () => findLeadExporter(id));

describe("leadExporters", () => {
  it("names every file of a job differently", () => {
    expect(leadExporters.map((exporter) => exporter.fileName("j1"))).toEqual([
      "j1_leads.json",
      "j1_leads.csv",
      "j1_leads_hubspot.csv",
      "j1_leads_salesforce.csv",
      "j1_leads_attio.csv",
    ]);
    expect(leadExporters.map((exporter) => exporter.kind)).toEqual([
      "leads_json",
      "leads_csv",
      "leads_hubspot",
      "leads_salesforce",
      "leads_attio",
    ]);
  });

  it("names the formats there are to who asks for another", () => {
    const asking = () => findLeadExporter("xlsx");
    expect(asking).toThrow(CmoError);
    expect(asking).toThrow(
      expect.objectContaining({ code: "usage", hint: "Use one of: json, csv, hubspot, salesforce, attio." }),
    );
  });
});
