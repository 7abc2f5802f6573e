import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createAsk } from "./ask.ts";
import type { TerminalStream } from "./terminal.ts";

function openTerminal({ isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const shown = new PassThrough();
  const stderr = Object.assign(shown, { isTTY }) as unknown as TerminalStream;
  return { stdin, shown, ask: createAsk(stdin, { stderr }) };
}

describe("ask", () => {
  it("gives the line that was typed, and asks on stderr", async () => {
    const { stdin, shown, ask } = openTerminal();
    const answer = ask("Really? ");
    stdin.write("yes\n");
    expect(await answer).toBe("yes");
    expect(String(shown.read())).toContain("Really? ");
  });

  it("gives null when the input ends, and when nobody is there", async () => {
    const { stdin, ask } = openTerminal();
    const answer = ask("Really? ");
    stdin.end();
    expect(await answer).toBeNull();
    expect(await openTerminal({ isTTY: false }).ask("Really? ")).toBeNull();
  });
});
