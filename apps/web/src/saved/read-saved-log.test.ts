import { encodeJobEvent } from "@cmo/engine";
import { campaignLog, completedEnd } from "@cmo/view/testing";
import { describe, expect, it } from "vitest";
import { mostLogBytes, readSavedLog } from "./read-saved-log.ts";

const logOf = (lines: readonly string[]) => new File([lines.join("\n")], "events.ndjson");
const lines = campaignLog(...completedEnd).map(encodeJobEvent);

describe("A saved log", () => {
  it("gives its events, also where it was read on after it broke off", async () => {
    const whole = await readSavedLog(logOf(lines));
    expect(whole.events.map(encodeJobEvent)).toEqual(lines);
    const twice = await readSavedLog(logOf([...lines.slice(0, 6), "", ...lines.slice(3)]));
    expect(twice).toEqual(whole);
  });

  it("that is too large for a page is refused before it is read, with another way to look at it", async () => {
    const file = logOf(lines);
    Object.defineProperty(file, "size", { value: mostLogBytes + 1 });
    file.text = () => Promise.reject(new Error("it was read"));
    await expect(readSavedLog(file)).rejects.toMatchObject({
      code: "usage",
      message: "events.ndjson is larger than 500 MB.",
      hint: expect.stringContaining("cmo verify"),
    });
  });
});
