import { leadSchema } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLeads } from "../../test/any-lead.ts";
import { exampleLead } from "../../test/example-lead.ts";
import { renderText } from "../../test/render-text.ts";
import { jsonExporter } from "./json-exporter.ts";

describe("The JSON file", () => {
  it("is the count and the leads, one a line, with the keys in the schema's order", async () => {
    const leads = [exampleLead(), exampleLead({ rank: 2, login: "bo-example", name: null })];
    const text = await renderText(jsonExporter, leads);
    const lines = text.split("\n");
    expect(lines.slice(0, 3)).toEqual(["{", '  "count": 2,', '  "leads": [']);
    expect(lines.slice(5)).toEqual(["  ]", "}", ""]);
    expect(JSON.parse(text)).toEqual({ count: 2, leads });
    const [first] = JSON.parse(text).leads;
    expect(Object.keys(first)).toEqual(Object.keys(leadSchema.entries));
  });

  it("is readable when there are no leads", async () => {
    expect(await renderText(jsonExporter, [])).toBe('{\n  "count": 0,\n  "leads": []\n}\n');
  });

  it("joins pieces without losing or doubling a separator", async () => {
    for (const count of [1, 49, 50, 51, 100, 101]) {
      const leads = Array.from({ length: count }, (_, index) => exampleLead({ rank: index + 1 }));
      expect(JSON.parse(await renderText(jsonExporter, leads))).toEqual({ count, leads });
    }
  });

  it("is raw: what a spreadsheet would run as a formula is left as it was published", async () => {
    const text = await renderText(jsonExporter, [exampleLead({ bio: "=1+1" })]);
    expect(text).toContain('"bio":"=1+1"');
  });

  it("gives any leads back, through UTF-8 too", async () => {
    await fc.assert(
      fc.asyncProperty(anyLeads, async (leads) => {
        const bytes = Buffer.from(await renderText(jsonExporter, leads), "utf8");
        expect(JSON.parse(bytes.toString("utf8"))).toEqual({ count: leads.length, leads });
      }),
    );
  });
});
