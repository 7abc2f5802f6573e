import { describe, expect, it } from "vitest";
import { stageOfTool } from "./stage-of-tool.ts";

describe("stageOfTool", () => {
  it("knows in which of several open stages a tool is used", () => {
    const open = ["discovery", "extraction", "enrichment", "validation"];
    expect(stageOfTool("github.search", open)).toBe("discovery");
    expect(stageOfTool("github.activity", open)).toBe("extraction");
    expect(stageOfTool("cache.profile", open)).toBe("enrichment");
  });

  it("gives what it does not know, or whose stage is over, to the stage that began last", () => {
    expect(stageOfTool("other.tool", ["discovery", "extraction"])).toBe("extraction");
    expect(stageOfTool("github.search", ["extraction"])).toBe("extraction");
    expect(stageOfTool("github.preflight", [])).toBeNull();
  });
});
