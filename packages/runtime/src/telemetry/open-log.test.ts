import { CmoError } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { openLog } from "./open-log.ts";

function lineOf(env: Record<string, string>, isTerminal: boolean): string {
  let text = "";
  const log = openLog({
    env,
    isTerminal,
    write: (line) => {
      text += line;
    },
    now: () => 0,
    redact: (raw) => raw,
  });
  log.info("hello");
  return text;
}

describe("openLog", () => {
  it("writes for whoever reads it: text on a terminal, JSON elsewhere, unless it is told", () => {
    expect(lineOf({}, true)).toBe("00:00:00Z info  hello\n");
    expect(lineOf({}, false)).toContain('"message":"hello"');
    expect(lineOf({ CMO_LOG_FORMAT: "json" }, true)).toContain('"message":"hello"');
    expect(lineOf({ CMO_LOG_FORMAT: "TEXT" }, false)).toBe("00:00:00Z info  hello\n");
    expect(lineOf({ CMO_LOG_FORMAT: "" }, true)).toBe("00:00:00Z info  hello\n");
  });

  it("takes its level from CMO_LOG", () => {
    expect(lineOf({ CMO_LOG: "warn" }, false)).toBe("");
    expect(lineOf({ CMO_LOG: "debug" }, false)).not.toBe("");
  });

  it.each([
    ["CMO_LOG", "loud"],
    ["CMO_LOG_FORMAT", "yaml"],
  ])("refuses a %s that is none, and names what there is", (name, value) => {
    const open = () => lineOf({ [name]: value }, false);
    expect(open).toThrow(CmoError);
    expect(open).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: expect.stringContaining(name),
        hint: expect.stringMatching(/debug, info, warn or error|json or text/),
      }),
    );
  });
});
