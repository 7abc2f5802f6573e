import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { exampleLead } from "../../test/example-lead.ts";
import { renderText } from "../../test/render-text.ts";
import { attioExporter } from "./attio-exporter.ts";
import { hubspotExporter } from "./hubspot-exporter.ts";
import { salesforceExporter } from "./salesforce-exporter.ts";

const nameless = exampleLead({ name: null, company: null, login: "bo-example", bio: "=1+1" });

describe("The HubSpot file", () => {
  it("has the headers that HubSpot maps by itself, and a contact a row", async () => {
    const [row] = records(await renderText(hubspotExporter, [exampleLead()]));
    expect(row).toEqual({
      Email: "ada@mail.example",
      "First Name": "Ada",
      "Last Name": "Example",
      "Company name": "imaginary-works",
      "Website URL": "https://ada.example",
      "Twitter Username": "ada_example",
      "GitHub URL": "https://github.example/ada-example",
      "GitHub Location": "Köln",
      "Lead Score": "71.5",
      "Lead Reasons": "language 20",
      Repositories: "imaginary/compiler;imaginary/parser",
      "Last Active Date": "2026-03-04",
      "Email Source": "github.user.email",
    });
  });

  it("takes the login for a missing last name, and leaves a missing company empty", async () => {
    const [row] = records(await renderText(hubspotExporter, [nameless]));
    expect(row).toMatchObject({ "First Name": "", "Last Name": "bo-example", "Company name": "" });
  });
});

describe("The Salesforce file", () => {
  it("fills what Salesforce requires", async () => {
    const [row, blank] = records(
      await renderText(salesforceExporter, [nameless, exampleLead({ rank: 2, company: "  " })]),
    );
    expect(row).toMatchObject({ "First Name": "", "Last Name": "bo-example", Company: "[not provided]" });
    expect(blank).toMatchObject({ Company: "[not provided]" });
  });

  it("cuts a name to what Salesforce takes, without tearing a character", async () => {
    const [row] = records(
      await renderText(salesforceExporter, [exampleLead({ name: `Ada ${"𠮷".repeat(90)}a` })]),
    );
    expect(row).toMatchObject({ "First Name": "Ada", "Last Name": "𠮷".repeat(80) });
  });

  it("S32 makes formulas neutral", async () => {
    const [row] = records(await renderText(salesforceExporter, [nameless]));
    expect(row).toMatchObject({ Description: "'=1+1" });
  });
});

describe("The Attio file", () => {
  it("splits lists by commas, has plain dates, and a company's domain where the address shows it", async () => {
    const [row, other] = records(
      await renderText(attioExporter, [
        exampleLead({ email: "ada@imaginary-works.example" }),
        exampleLead({ rank: 2 }),
      ]),
    );
    expect(row).toMatchObject({
      "Email addresses": "ada@imaginary-works.example",
      "Company domain": "imaginary-works.example",
      Repositories: "imaginary/compiler,imaginary/parser",
      "Last active date": "2026-03-04",
    });
    expect(other).toMatchObject({ "Company domain": "" });
  });
});

describe("Every preset", () => {
  it.each([hubspotExporter, salesforceExporter, attioExporter])(
    "$id tells nobody's name when it refuses a lead that may not be contacted",
    async (exporter) => {
      const refused = exampleLead({ contactable: false });
      const thrown = await renderText(exporter, [refused]).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code: "invariant_violated" });
      expect(String(thrown)).not.toMatch(/ada/i);
    },
  );
});

function records(text: string): Record<string, string>[] {
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
}
