import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { testDigest } from "../testing/test-digest.ts";
import { hashSuppression } from "./hash-suppression.ts";

describe("hashSuppression", () => {
  it("is the HMAC-SHA-256 of kind and value under the key", () => {
    const digest = (key?: string) => (key === undefined ? createHash("sha256") : createHmac("sha256", key));
    const expected = createHmac("sha256", "key").update("login:ada").digest("hex");
    expect(hashSuppression(digest, "key", { kind: "login", value: "Ada" })).toBe(expected);
  });

  it("is the same for the same person, and differs by key, kind and person", () => {
    const hash = (kind: "login" | "email" | "id" | "domain", value: string, key = "key") =>
      hashSuppression(testDigest, key, { kind, value });
    expect(hash("email", " Ada@Works.Example ")).toBe(hash("email", "ada@works.example"));
    expect(hash("login", "e\u0301va")).toBe(hash("login", "éva"));
    expect(hash("id", "U_a")).not.toBe(hash("id", "U_A"));
    const all = [
      hash("login", "a"),
      hash("login", "b"),
      hash("id", "a"),
      hash("login", "a", "other"),
      hash("domain", "a"),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
