import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseEmailAddress } from "./email-address.ts";

describe("a published address", () => {
  test.each([
    ["ada@probe.example", "ada", "probe.example"],
    ["  Ada.Probe+git@Mixed-Case.EXAMPLE ", "ada.probe+git", "mixed-case.example"],
    ["o'brien@sub.domain.example", "o'brien", "sub.domain.example"],
    ["ada@münster-probe.example", "ada", "münster-probe.example"],
    ["ada@例え.example", "ada", "例え.example"],
    ["ada@xn--mnster-3ya.example", "ada", "xn--mnster-3ya.example"],
    ["ada@हिन्दी.example", "ada", "हिन्दी.example"],
    [`${"a".repeat(64)}@b.example`, "a".repeat(64), "b.example"],
    [`a@${"b".repeat(63)}.example`, "a", `${"b".repeat(63)}.example`],
    ["1234567+ada@users.noreply.github.com", "1234567+ada", "users.noreply.github.com"],
    ["a@1.example", "a", "1.example"],
  ])("%j is taken apart", (text, localPart, domain) => {
    expect(parseEmailAddress(text)).toEqual({ text: text.trim(), localPart, domain });
  });

  test.each([
    "",
    "ada",
    "ada@",
    "@probe.example",
    "ada@localhost",
    "ada@@probe.example",
    "ada [at] probe [dot] example",
    "ada at probe.example",
    "ada probe@probe.example",
    ".ada@probe.example",
    "ada.@probe.example",
    "ada..probe@probe.example",
    "ada@probe..example",
    "ada@.example",
    "ada@probe.example.",
    "ada@-probe.example",
    "ada@probe-.example",
    "ada@probe_x.example",
    "ada@192.0.2.1",
    "ada@[192.0.2.1]",
    "ada@probe.e",
    "=cmd()@probe.example",
    "Ada <ada@probe.example>",
    "mailto:ada@probe.example",
    "ada@probe.example, bob@probe.example",
    '"ada probe"@probe.example',
    "ada@probe.example\nBcc: everybody@probe.example",
    "ada@probe,example",
    "ädä@probe.example",
    `${"a".repeat(65)}@b.example`,
    `a@${"b".repeat(64)}.example`,
    `a@${"b.".repeat(130)}example`,
  ])("%j is none", (text) => {
    expect(parseEmailAddress(text)).toBeNull();
  });

  it("holds no more than it was, whatever it is", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.emailAddress(),
      fc.tuple(fc.string(), fc.domain()).map(([a, b]) => `${a}@${b}`),
    );
    fc.assert(
      fc.property(text, (published) => {
        const address = parseEmailAddress(published);
        if (address === null) return;
        expect(address.text).toBe(published.trim());
        expect(`${address.localPart}@${address.domain}`).toBe(published.trim().toLowerCase());
        expect(address.text).not.toMatch(/[\s,;<>()[\]"]/);
        expect(address.domain).toContain(".");
        expect(parseEmailAddress(address.text)).toEqual(address);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is every plain address that there can be", () => {
    const plain = fc.tuple(
      fc.stringMatching(/^[a-z0-9]{1,20}([.+_-][a-z0-9]{1,10}){0,2}$/),
      fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/),
    );
    fc.assert(
      fc.property(plain, ([local, host]) => {
        expect(parseEmailAddress(`${local}@${host}.example`)).not.toBeNull();
      }),
    );
  });
});
