import type { JobEvent } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import { campaignLog, completedEnd, failedEnd } from "@cmo/view/testing";
import { describe, expect, it } from "vitest";
import { createFakeTerminal } from "../../test/support/fake-terminal.ts";
import { learnNothing } from "./learn-grounds.ts";
import { openTtyRenderer } from "./tty-renderer.ts";

const controlStart = "\u001B";
const color = new RegExp(`${controlStart}\\[\\d+m`);

async function show(
  log: readonly JobEvent[],
  {
    columns = 80,
    rows = 30,
    emoji = true,
    colors = false,
    pauseAt = -1,
    learnGrounds = learnNothing,
    now = "2030-01-01T00:00:20.000Z",
  } = {},
) {
  const fake = createFakeTerminal({ columns, rows });
  const clock = createFakeClock({ now });
  const renderer = await openTtyRenderer({
    terminal: fake.terminal,
    clock,
    emoji,
    colors,
    startsAt: null,
    learnGrounds,
  });
  for (const [index, event] of log.entries()) {
    await renderer.sink(event);
    // Long enough for a tick to come in between; nothing depends on how many do.
    if (index >= pauseAt && pauseAt >= 0) await new Promise((resolve) => setTimeout(resolve, 130));
  }
  await renderer.close();
  return fake;
}

describe("The rows on a terminal", () => {
  it("stay above as the whole trail: goal, job and every stage, without a status line", async () => {
    const { screen, cursor } = await show(campaignLog(...completedEnd));
    expect(screen().split("\n")).toEqual([
      "▶ Find 3 people who keep Go alive",
      "  job_test",
      "",
      "✔ discovery   ██████████████    100/100     0:10",
      "✔ extraction  ██████████████      40/80     0:08  40 not read",
      "✔ enrichment  ██████████████      90/90     0:06",
      "✔ validation  ██████████████                0:00",
      "✔ scoring     ██████████████                0:00",
      "✔ export      ██████████████                0:00",
    ]);
    expect(cursor()).toBe(true);
  });

  it("S39 mark what failed, close their bars where they were, and show the cursor again", async () => {
    const { screen, cursor } = await show(campaignLog(...failedEnd));
    expect(screen()).toContain("✖ extraction  ███████░░░░░░░      40/80");
    expect(screen()).toContain("· scoring");
    expect(screen()).not.toContain("✔");
    expect(cursor()).toBe(true);
  });

  it("S10 S39 never show a bar that goes back, nor more lines than fit", async () => {
    const { frames } = await show(campaignLog(...completedEnd), { pauseAt: 3 });
    const shown = new Map<string, number>();
    for (const frame of frames()) {
      for (const [, name = "", bar = ""] of frame.matchAll(/^. (\w+) +(█*)░*/gm)) {
        if (!frame.includes(`${name} `)) continue;
        expect(bar.length, name).toBeGreaterThanOrEqual(shown.get(name) ?? 0);
        shown.set(name, bar.length);
      }
      expect(frame.split("\n").length).toBeLessThanOrEqual(3 + 12);
    }
    expect(shown.get("discovery")).toBe(14);
    expect(frames().some((frame) => frame.includes("quota 4,999 of 5,000 left"))).toBe(true);
    expect(frames().some((frame) => /[❯] extraction.*works\/編譯器/.test(frame))).toBe(true);
  });

  it("let nothing of a profile or a repository control the terminal", async () => {
    const { frames, output } = await show(campaignLog(...failedEnd), { pauseAt: 11 });
    expect(frames().some((frame) => frame.includes("works/[2Jparser"))).toBe(true);
    expect(output()).not.toMatch(new RegExp(`${controlStart}\\[2J|\\u202E|\\u0007`));
  });

  it("S39 have no colours without them, and no symbols without emoji", async () => {
    expect((await show(campaignLog(...completedEnd))).output()).not.toMatch(color);
    expect((await show(campaignLog(...completedEnd), { colors: true })).output()).toMatch(color);
    const { screen } = await show(campaignLog(...completedEnd), { emoji: false });
    expect(screen()).toMatch(/^[\x20-\x7e\n]+$/);
    expect(screen()).toContain("+ discovery   ##############    100/100");
  });

  it("read well in 60 columns", async () => {
    const { frames } = await show(campaignLog(...completedEnd), { columns: 60, rows: 20, pauseAt: 11 });
    expect(frames().some((frame) => frame.includes("❯ extraction  █████░░░░░      40/80"))).toBe(true);
    for (const frame of frames())
      for (const line of frame.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("tell in fewer words what does not fit below them, and cut nothing off", async () => {
    const { frames } = await show(campaignLog(...completedEnd), { columns: 47, pauseAt: 3 });
    const status = frames().flatMap((frame) => frame.match(/^› .*$/gm) ?? []);
    expect(status.some((line) => line.endsWith("% · quota 4,999"))).toBe(true);
    for (const line of status) expect(line).not.toContain("…");
  });

  it("leave nothing turning, and nothing that looks done, when somebody leaves before the end", async () => {
    const { screen } = await show(campaignLog());
    expect(screen()).toContain("· extraction  ███████░░░░░░░      40/80");
    expect(screen()).not.toMatch(/[✔❯✖]|left$/m);
  });

  it("tell what must be known now", async () => {
    const fake = createFakeTerminal({ columns: 100 });
    const clock = createFakeClock();
    const renderer = await openTtyRenderer({
      terminal: fake.terminal,
      clock,
      emoji: true,
      colors: false,
      startsAt: null,
      learnGrounds: learnNothing,
    });
    renderer.notice("Stopping before it began.");
    expect(fake.errors()).toBe("Stopping before it began.\n");
    for (const event of campaignLog()) await renderer.sink(event);
    renderer.notice("Stopping.");
    await expect.poll(() => fake.screen()).toContain("› Stopping. · ");
    await renderer.close();
    expect(fake.screen()).not.toContain("Stopping. · ");
  });

  it("leave a terminal alone on which nothing began", async () => {
    expect((await show([])).output()).toBe("");
  });
});
