import { createFakeClock } from "@cmo/engine/testing";
import { campaignGrounds, campaignLog, completedEnd } from "@cmo/view/testing";
import { describe, expect, it } from "vitest";
import { createFakeTerminal } from "../../test/support/fake-terminal.ts";
import type { LearnGrounds } from "./learn-grounds.ts";
import { learnGroundsFrom } from "./learn-grounds.ts";
import { renderers } from "./renderers.ts";

const grounds: LearnGrounds = async () => ({ grounds: campaignGrounds });
const firstOfItsKind: LearnGrounds = async () => ({ grounds: null });

async function open(mode: "tty" | "plain", learnGrounds: LearnGrounds, columns: number) {
  const fake = createFakeTerminal(mode === "tty" ? { columns, rows: 30 } : {});
  const clock = createFakeClock({ now: "2030-01-01T00:00:12.000Z" });
  const { terminal } = fake;
  const drawing = { terminal, clock, emoji: true, colors: false, startsAt: null, learnGrounds };
  return { fake, renderer: await renderers[mode].open(drawing) };
}

/** What a terminal showed of a run that goes on. */
async function framesOf(learnGrounds: LearnGrounds, columns: number): Promise<readonly string[]> {
  const { fake, renderer } = await open("tty", learnGrounds, columns);
  for (const event of campaignLog()) await renderer.sink(event);
  await expect.poll(() => fake.frames().some((frame) => frame.includes("elapsed"))).toBe(true);
  await renderer.close();
  return fake.frames();
}

async function linesOf(learnGrounds: LearnGrounds): Promise<readonly string[]> {
  const { fake, renderer } = await open("plain", learnGrounds, 0);
  for (const event of campaignLog(...completedEnd)) await renderer.sink(event);
  await renderer.close();
  return fake.output().split("\n");
}

describe("The time left", () => {
  it("stands in the line below the rows, with its band, and in 60 columns too", async () => {
    const wide = await framesOf(grounds, 100);
    expect(wide.some((frame) => /about \d+ s left \(up to \d+ s\)/.test(frame))).toBe(true);
    const narrow = await framesOf(grounds, 60);
    expect(narrow.some((frame) => /\d+ s left \(max \d+ s\)/.test(frame))).toBe(true);
    for (const frame of narrow)
      for (const line of frame.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("is said to be unknown where it is, and is no number then", async () => {
    const frames = await framesOf(firstOfItsKind, 100);
    expect(frames.some((frame) => frame.includes("time left unknown: first run of its kind"))).toBe(true);
    expect(frames.join("\n")).not.toMatch(/about|up to/);
  });

  it("is not told at all where nobody can be asked", async () => {
    const learn = learnGroundsFrom({ job: () => Promise.reject(new Error("away")) });
    expect((await framesOf(learn, 100)).join("\n")).not.toMatch(/about|unknown/);
  });

  it("stands behind the share done in plain lines; that it is unknown is said once", async () => {
    const lines = (await linesOf(grounds)).filter((line) => line.includes("% in all"));
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines)
      expect(line).toMatch(/% in all · (about|less than) \d+ s left( \(up to \d+ s\))?$/);
    const unknown = await linesOf(firstOfItsKind);
    expect(unknown.filter((line) => line.endsWith("time left unknown: first run of its kind"))).toHaveLength(
      1,
    );
  });

  it("rests on what is asked once, when the run starts, about this job", async () => {
    const asked: string[] = [];
    await linesOf(async (jobId) => {
      asked.push(jobId);
      return { grounds: campaignGrounds };
    });
    expect(asked).toEqual(["job_test"]);
  });
});
