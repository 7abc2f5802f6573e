import { CmoError } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { exportError } from "./export-error.ts";

describe("exportError", () => {
  it.each([
    ["ENOSPC", "no room left", "Free some space"],
    ["EDQUOT", "quota", "Free some space"],
    ["EROFS", "read-only", "writable"],
    ["EACCES", "may not be written", "writable"],
    ["ENOTDIR", "is a file", "another folder"],
    ["ENAMETOOLONG", "too long", "shorter"],
    ["EIO", "device broke", "another folder"],
  ])("says of %s what happened and what to do", (code, what, hint) => {
    const cause = Object.assign(new Error("device broke"), { code });
    const error = exportError(cause, "/exports/j1_leads.csv");
    expect(error).toMatchObject({ code: "export_failed", hint: expect.stringContaining(hint), cause });
    expect(error.message).toContain("/exports/j1_leads.csv");
    expect(error.message).toContain(what);
  });

  it("keeps an error that says already what to do", () => {
    const error = new CmoError("store_unavailable", "gone");
    expect(exportError(error, "x")).toBe(error);
  });
});
