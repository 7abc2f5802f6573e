import { describe, expect, it } from "vitest";
import { createRedaction } from "./redact-text.ts";

describe("createRedaction", () => {
  it("S34 takes tokens, passwords of proxies and the names in addresses out of text", () => {
    const { redact, addSecret } = createRedaction({
      GITHUB_TOKEN: "canary-token-1",
      HTTPS_PROXY: "http://user:canary%20word@proxy.example:3128",
    });
    addSecret("canary-token-2");
    const text = redact(
      "canary-token-1 canary-token-2 canary%20word 'canary word' ghp_canary3canary3 jane.doe+x@works.example ok",
    );
    expect(text).not.toMatch(/canary|jane/);
    expect(text).toContain("***@works.example ok");
  });

  it("leaves text without secrets as it is", () => {
    const { redact } = createRedaction({ GITHUB_TOKEN: "", HTTPS_PROXY: "not a url" });
    expect(redact("24 repositories @ 3 p.m.")).toBe("24 repositories @ 3 p.m.");
  });
});
