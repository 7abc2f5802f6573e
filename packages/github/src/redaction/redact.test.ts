import fc from "fast-check";
import { expect, test } from "vitest";
import { redact } from "./redact.ts";

test.each([
  "ghp_0123456789abcdefABCDEF0123456789abcd",
  "gho_0123456789abcdefABCDEF0123456789abcd",
  "ghs_0123456789abcdefABCDEF0123456789abcd",
  "github_pat_11AAAAAAA0abcdefghijkl_mnopqrstuvwxyz",
  "Bearer abc.def-ghi",
  "bearer   0123456789abcdef",
])("what looks like a token goes: %s", (text) => {
  expect(redact(`before ${text} after`, [])).toMatch(/^before (?:bearer )?\[redacted\] after$/i);
});

test("an ordinary text stays", () => {
  const text = "GitHub could not answer (502, request AB:12). Asking for 5 repositories next.";
  expect(redact(text, ["ghp_none"])).toBe(text);
});

test("S34 no secret survives, wherever it stands in the text", () => {
  fc.assert(
    fc.property(
      fc
        .string({ minLength: 6, unit: "grapheme-ascii" })
        .filter((secret) => !"[redacted] bearer".includes(secret)),
      fc.array(fc.string()),
      (secret, parts) => {
        const clean = redact(parts.join(secret), [secret]);
        expect(clean.includes(secret) && !parts.some((part) => part.includes(secret))).toBe(false);
        expect(redact(`?q=${encodeURIComponent(secret)}&`, [secret])).not.toContain(
          encodeURIComponent(secret),
        );
      },
    ),
  );
});
