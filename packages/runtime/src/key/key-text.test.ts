import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedaction } from "../host/redact-text.ts";
import { keyIdOf, newKeyText } from "./key-text.ts";

describe("The text of a key", () => {
  it("names its key, and holds more than 160 random bits beside it", () => {
    const texts = Array.from({ length: 1_000 }, newKeyText);
    for (const { id, text } of texts) {
      expect(text).toMatch(/^cmo_[a-z0-9]{10}_[0-9a-f]{48}$/);
      expect(keyIdOf(text)).toBe(id);
    }
    expect(new Set(texts.map(({ text }) => text.slice(15))).size).toBe(1_000);
  });

  it("is told from any other text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `cmo_${text}`),
        ),
        (text) => {
          const id = keyIdOf(text);
          expect(id === null || text.startsWith(`cmo_${id}_`)).toBe(true);
        },
      ),
    );
    const { text } = newKeyText();
    for (const wrong of ["", text.slice(0, 20), ` ${text}`, `${text}\n`, text.toUpperCase(), `${text}_x`]) {
      expect(keyIdOf(wrong)).toBeNull();
    }
  });

  it("S34 comes into no log, wherever it stands, but for its public part", () => {
    const { redact } = createRedaction({ CMO_API_KEY: "another-kind-of-key" });
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const { id, text } = newKeyText();
        const shown = redact(`${before}${text}${after}`);
        expect(shown).not.toContain(text.slice(15));
        expect(redact(`key cmo_${id}_ ${text}.`)).toBe(`key cmo_${id}_ cmo_${id}_***.`);
      }),
    );
    const { text } = newKeyText();
    // Also when it was cut by whoever logged it.
    expect(redact(`GET /?key=${text.slice(0, 30)}`)).not.toContain(text.slice(15, 30));
    expect(redact("X-API-Key: another-kind-of-key")).not.toContain("another-kind");
  });
});
