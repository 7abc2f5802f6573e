import { describe, expect, it } from "vitest";
import { prefetch } from "./prefetch.ts";
import { createReportGates } from "./report-gate.ts";

async function* counting(log: string[], upTo = 5) {
  try {
    for (let number = 1; number <= upTo; number += 1) {
      log.push(`made ${number}`);
      yield number;
    }
  } finally {
    log.push("closed");
  }
}

describe("prefetch", () => {
  it("gives the same values in the same order, whether it runs ahead or not", async () => {
    for (const ahead of [true, false]) {
      const values: number[] = [];
      for await (const value of prefetch(counting([]), () => ahead)) values.push(value);
      expect(values).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it("makes the next one while this one is worked on, and only where that is worthwhile", async () => {
    const log: string[] = [];
    for await (const value of prefetch(counting(log, 3), (one) => one !== 2)) {
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`used ${value}`);
    }
    expect(log).toEqual(["made 1", "made 2", "used 1", "used 2", "made 3", "closed", "used 3"]);
  });

  it("closes what it reads from when its reader leaves early", async () => {
    const log: string[] = [];
    for await (const _value of prefetch(counting(log), () => true)) break;
    expect(log).toEqual(["made 1", "made 2", "closed"]);
  });

  it("throws a failure ahead of time when its turn has come, and never when it is not wanted", async () => {
    async function* failing() {
      yield 1;
      throw new Error("later");
    }
    const pages = prefetch(failing(), () => true);
    expect((await pages.next()).value).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(pages.next()).rejects.toThrow("later");
    for await (const value of prefetch(failing(), () => true)) {
      expect(value).toBe(1);
      break;
    }
  });
});

describe("report gates", () => {
  it("hold what pages report until the pages are admitted, in order", () => {
    const gates = createReportGates();
    const said: string[] = [];
    gates.admit();
    const first = gates.next();
    const second = gates.next();
    const third = gates.next();
    first.report(() => said.push("1a"));
    second.report(() => said.push("2a"));
    third.report(() => said.push("3a"));
    expect(said).toEqual(["1a"]);
    gates.admit();
    second.report(() => said.push("2b"));
    expect(said).toEqual(["1a", "2a", "2b"]);
    gates.admit();
    gates.admit();
    expect(said).toEqual(["1a", "2a", "2b", "3a"]);
    gates.next().report(() => said.push("4a"));
    expect(said.at(-1)).toBe("4a");
  });
});
