import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createFakeTerminal } from "../../test/support/fake-terminal.ts";
import { createTerminal, type TerminalStream } from "./terminal.ts";

describe("A terminal", () => {
  it("says that it knows no width when it is none", () => {
    expect(createFakeTerminal().terminal.columns()).toBe(0);
    expect(createFakeTerminal().terminal.isTty()).toBe(false);
    expect(createFakeTerminal({ columns: 60 }).terminal.columns()).toBe(60);
  });

  it("waits while the reader is behind, and no longer once the reader is gone", async () => {
    const waiting: (() => void)[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void waiting.push(done),
    }) as unknown as TerminalStream;
    const terminal = createTerminal(slow, createFakeTerminal().terminal.stderr);
    let first = "behind";
    const writing = terminal.write("one").then(() => {
      first = "written";
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(first).toBe("behind");
    waiting.shift()?.();
    await writing;
    const second = terminal.write("two");
    slow.emit("error", new Error("write EPIPE"));
    await second;
    expect(terminal.closed.aborted).toBe(true);
    await terminal.write("three");
    expect(waiting).toHaveLength(1);
  });
});
