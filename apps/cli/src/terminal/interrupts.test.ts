import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { createInterrupts } from "./interrupts.ts";

describe("Interrupts", () => {
  it("ask the command to stop at the first, and quit at the second, of whatever kind", () => {
    const source = new EventEmitter();
    let quits = 0;
    const { signal } = createInterrupts(source, () => {
      quits += 1;
    });
    expect(signal.aborted).toBe(false);
    source.emit("SIGINT");
    expect([signal.aborted, quits]).toEqual([true, 0]);
    source.emit("SIGTERM");
    expect(quits).toBe(1);
  });
});
