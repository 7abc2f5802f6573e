import { describe, expect, it } from "vitest";
import { createRedaction } from "../host/redact-text.ts";
import { createLog, type LogOptions } from "./log.ts";

function kept(options: Partial<LogOptions> = {}) {
  let text = "";
  const log = createLog({
    write: (line) => {
      text += line;
    },
    now: () => Date.parse("2030-01-01T07:26:08.123Z"),
    redact: (raw) => raw,
    ...options,
  });
  return { log, text: () => text };
}

describe("a log for machines", () => {
  it("is one JSON object a line, with the time, the level, what happened and its facts", () => {
    const { log, text } = kept();
    log.with({ jobId: "job_1" }).info("job taken", { attempt: 1, name: null, more: undefined, ok: true });
    log.error("two\nlines");
    expect(text().split("\n")).toEqual([
      '{"time":"2030-01-01T07:26:08.123Z","level":"info","message":"job taken","jobId":"job_1","attempt":1,"ok":true}',
      '{"time":"2030-01-01T07:26:08.123Z","level":"error","message":"two\\nlines"}',
      "",
    ]);
  });

  it("leaves out what is below its level", () => {
    const { log, text } = kept({ level: "warn" });
    log.debug("no");
    log.info("no");
    log.with({ jobId: "job_1" }).debug("no");
    log.warn("yes");
    log.error("yes");
    expect(text().match(/yes/g)).toHaveLength(2);
    expect(text()).not.toContain("no");
    expect(kept().log.level).toBe("info");
  });

  it("S34 has no secret and no address in any text, whatever way it came in", () => {
    const { redact } = createRedaction({ GITHUB_TOKEN: "canary-5f2d7c" });
    for (const format of ["json", "text"] as const) {
      const { log, text } = kept({ redact, format });
      log.with({ always: "canary-5f2d7c" }).error("canary-5f2d7c jane@works.example", {
        error: "of jane@works.example",
        stack: "at canary-5f2d7c",
      });
      expect(text()).not.toMatch(/canary|jane/);
      expect(text()).toContain("***@works.example");
    }
  });
});

describe("a log for a person", () => {
  it("is a short line with its facts behind it", () => {
    const { log, text } = kept({ format: "text" });
    log.info("job taken", { jobId: "job_1", attempt: 1, error: "it is so", name: null });
    log.warn("x");
    expect(text()).toBe(
      '07:26:08Z info  job taken jobId=job_1 attempt=1 error="it is so"\n07:26:08Z warn  x\n',
    );
  });

  it("has a stack on lines of its own", () => {
    const { log, text } = kept({ format: "text" });
    log.error("request failed", {
      stack: "Error: broken\n    at one (a.ts:1)\n    at two",
      code: "internal",
    });
    expect(text()).toBe(
      "07:26:08Z error request failed code=internal\n    Error: broken\n    at one (a.ts:1)\n    at two\n",
    );
  });

  it("moves no cursor, and turns no text around", () => {
    const { log, text } = kept({ format: "text" });
    log.info("one\u001b[2Jtwo\r\n", {
      a: "x\u001b]0;t\u0007",
      b: "\u202etxet",
      c: "\u009b31m",
      stack: "at\u001b[1A",
    });
    for (const mark of ["\u001b", "\u0007", "\u009b", "\u202e", "\r"]) expect(text()).not.toContain(mark);
    expect(text().split("\n")).toHaveLength(3);
    expect(text()).toContain("one\\u001b[2Jtwo");
  });
});
