import { type Lead, leadColumns } from "@cmo/engine";
import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { anyLeads } from "../../test/any-lead.ts";
import { exampleLead } from "../../test/example-lead.ts";
import { renderText } from "../../test/render-text.ts";
import { csvExporter } from "./csv-exporter.ts";

describe("The CSV file", () => {
  it("S32 has its columns in the documented order, lists as JSON, nothing for null, a line break after every row", async () => {
    const text = await renderText(csvExporter, [exampleLead({ email: null, contactable: false, bio: null })]);
    expect(text).toBe(
      [
        "rank,login,node_id,name,email,email_source,contactable,contact_reason,mx_status,score,score_fit," +
          "score_activity,score_reachability,reasons,company,location,bio,website_url,twitter_username,followers," +
          "repositories,commits,last_active_at,profile_url,first_seen_at,fetched_at",
        "1,ada-example,U_ada,Ada Example,,github.user.email,false,ok,ok,71.5,30,25.5,16," +
          '"[{""signal"":""language"",""points"":20,""evidence"":""imaginary/compiler""}]",' +
          `"'@imaginary-works",Köln,,https://ada.example,ada_example,12,` +
          '"[{""name"":""imaginary/compiler"",""commits"":41,""lastCommitAt"":""2026-03-04T05:06:07.000Z""},' +
          '{""name"":""imaginary/parser"",""commits"":7,""lastCommitAt"":""2026-03-01T05:06:07.000Z""}]",' +
          "48,2026-03-04T05:06:07.000Z,https://github.example/ada-example," +
          "2026-03-05T00:00:00.000Z,2026-03-05T00:00:01.000Z",
        "",
      ].join("\r\n"),
    );
  });

  it.each([
    '=HYPERLINK("http://x.test")',
    "+49 30 123456",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\rtext",
    "\ntext",
    " =1+1",
    "\u00a0\u3000=1+1",
    "\ufeff=1+1",
    "\u200b\u202e=1+1",
    "\u0000=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    " ＝1+1",
    "﹦1",
    "−1",
  ])("S32 makes the text %j neutral in a spreadsheet", async (bio) => {
    const rows = parse(
      await renderText(csvExporter, [exampleLead({ bio, name: bio, company: bio, location: bio })]),
    );
    const row = rows[1] ?? [];
    for (const column of ["bio", "name", "company", "location"] as const) {
      expect(row[leadColumns.indexOf(column)]).toBe(`'${bio}`);
    }
  });

  it("S32 leaves alone what no spreadsheet runs, and numbers, which are no text", async () => {
    const bio = "a=1, b-2 @home";
    const text = await renderText(csvExporter, [
      exampleLead({ bio, name: "'quoted", score: -3.5, followers: -1 }),
    ]);
    const row = parse(text)[1] ?? [];
    expect(row[leadColumns.indexOf("bio")]).toBe(bio);
    expect(row[leadColumns.indexOf("name")]).toBe("'quoted");
    expect(row[leadColumns.indexOf("score")]).toBe("-3.5");
    expect(row[leadColumns.indexOf("followers")]).toBe("-1");
  });

  it("S32 brings commas, quotes, line breaks, bidi, CJK and emoji through a CSV reader", async () => {
    const bio = 'one, "two"\r\nthree\nfour\rfive; \u202eאבג\u202c 漢字かな 한글 👩‍💻 \ufeff end ';
    const row = parse(await renderText(csvExporter, [exampleLead({ bio })]))[1] ?? [];
    expect(row[leadColumns.indexOf("bio")]).toBe(bio);
  });

  it("gives the cells of any leads back to a CSV reader, but for the apostrophe before a formula", async () => {
    await fc.assert(
      fc.asyncProperty(anyLeads, async (leads) => {
        const bytes = Buffer.from(await renderText(csvExporter, leads), "utf8");
        const [header, ...rows] = parse(bytes.toString("utf8"));
        expect(header).toEqual([...leadColumns]);
        expect(rows.map((row) => row.map(withoutApostrophe))).toEqual(
          leads.map((lead) => plainCells(lead).map(withoutApostrophe)),
        );
        expect(rows.flat().filter((cell) => /^\s*[=+\-@＝＋－＠]/.test(cell) && !isNumber(cell))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Rows of a CSV text that ends with a line break. */
function parse(text: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ",", newline: "\r\n" });
  expect(errors).toEqual([]);
  expect(data.at(-1)).toEqual([""]);
  return data.slice(0, -1);
}

/** What a reader should find, made in another way than the exporter makes it: by the names of the keys. */
function plainCells(lead: Lead): string[] {
  const byKey = new Map<string, unknown>(Object.entries(lead));
  return leadColumns.map((column) => {
    const value = byKey.get(column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));
    if (value === null) return "";
    return typeof value === "object"
      ? JSON.stringify(value)
      : Buffer.from(String(value), "utf8").toString("utf8");
  });
}

function withoutApostrophe(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

function isNumber(cell: string): boolean {
  return cell.trim() === cell && Number.isFinite(Number(cell));
}
