import { describe, expect, it } from "vitest";
import { safeAddress } from "./safe-address.ts";

describe("An address out of a profile", () => {
  it.each([
    ["https://works.example/a", "https://works.example/a"],
    [" http://works.example ", "http://works.example/"],
    ["works.example/me", "https://works.example/me"],
  ])("%s is followed to the web", (text, address) => {
    expect(safeAddress(text)).toBe(address);
  });

  it.each([
    null,
    "",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\u0001javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://works.example/1",
    "https://",
    "http://[",
  ])("%j is not followed", (text) => {
    const address = safeAddress(text);
    expect(address === undefined || /^https?:\/\//.test(address)).toBe(true);
  });
});
