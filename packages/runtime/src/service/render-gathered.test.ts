import type { Lead } from "@cmo/engine";
import { buildLead } from "@cmo/engine/testing";
import { findLeadExporter } from "@cmo/exporters";
import { describe, expect, it } from "vitest";
import { renderGathered } from "./render-gathered.ts";

async function* give(leads: readonly Lead[]): AsyncGenerator<Lead> {
  yield* leads;
}

async function render(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

/** More than are held in memory, in all kinds of letters. */
const many = Array.from({ length: 2_345 }, (_, index) =>
  buildLead({ rank: index + 1, login: `person-${index}`, bio: `Zeile ${index}\n„漢🙂“ \u2028 "x"` }),
);

describe("renderGathered", () => {
  it.each(["json", "csv", "hubspot"])(
    "gives the very bytes of the %s exporter, for more than are held",
    async (id) => {
      const exporter = findLeadExporter(id);
      for (const leads of [many, many.slice(0, 1_000), many.slice(0, 1_001), []]) {
        const expected = await render(exporter.render(give(leads), leads.length));
        expect((await render(renderGathered(exporter, () => give(leads)))) === expected).toBe(true);
      }
    },
  );

  it("reads nothing before it is asked, and once", async () => {
    let reads = 0;
    const pieces = renderGathered(findLeadExporter("json"), () => {
      reads += 1;
      return give(many.slice(0, 10));
    });
    expect(reads).toBe(0);
    await render(pieces);
    expect(reads).toBe(1);
  });

  it("fails before its first piece when the leads cannot be read", async () => {
    async function* broken(): AsyncGenerator<Lead> {
      yield* many.slice(0, 1_500);
      throw new Error("the store is gone");
    }
    const pieces = renderGathered(findLeadExporter("json"), broken);
    await expect(pieces.next()).rejects.toThrow("the store is gone");
  });
});
