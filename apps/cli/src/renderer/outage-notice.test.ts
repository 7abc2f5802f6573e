import { createFakeClock } from "@cmo/engine/testing";
import { campaignLog } from "@cmo/view/testing";
import { describe, expect, it } from "vitest";
import { createFakeTerminal } from "../../test/support/fake-terminal.ts";
import { learnNothing } from "./learn-grounds.ts";
import { outageNotice } from "./outage-notice.ts";
import type { OutputMode } from "./renderer.ts";
import { renderers } from "./renderers.ts";

const at = Date.parse("2030-01-01T12:00:00");
const away = (tries: number) => ({
  since: at,
  nextTryAt: at + tries * 4_000,
  reason: "http://cmo.example does not answer (ECONNREFUSED).",
});

/** A renderer of that mode on a terminal of its own. */
async function open(mode: OutputMode) {
  const fake = createFakeTerminal(mode === "tty" ? { columns: 80 } : {});
  const { terminal } = fake;
  const clock = createFakeClock();
  const renderer = await renderers[mode].open({
    terminal,
    clock,
    emoji: true,
    colors: false,
    startsAt: null,
    learnGrounds: learnNothing,
  });
  return { fake, renderer, tell: outageNotice("http://cmo.example", { renderer, mode }) };
}

describe("S40 A place that is not heard of", () => {
  it.each(["plain", "json"] as const)(
    "is told in lines of %s once, and once when it is over",
    async (mode) => {
      const { fake, renderer, tell } = await open(mode);
      tell(null);
      tell(away(1));
      tell(away(2));
      tell(null);
      tell(null);
      await renderer.close();
      expect(fake.output()).toBe("");
      expect(fake.errors()).toBe(
        [
          "http://cmo.example does not answer (ECONNREFUSED). Away since 12:00:00, next try at 12:00:04, until it is back.",
          "http://cmo.example answers again; nothing was missed.",
          "",
        ].join("\n"),
      );
    },
  );

  it("is told in the line below the rows, with the next try, and taken back", async () => {
    const { fake, renderer, tell } = await open("tty");
    for (const event of campaignLog()) await renderer.sink(event);
    const screen = () => expect.poll(() => fake.screen());
    tell(away(1));
    await screen().toContain("› API away since 12:00:00, next try 12:00:04 · ");
    tell(away(2));
    await screen().toContain("next try 12:00:08 · ");
    tell(null);
    await screen().not.toContain("away");
    await renderer.close();
    expect(fake.errors()).toBe("");
  });

  it("is not told to nobody", async () => {
    const { fake, renderer, tell } = await open("silent");
    tell(away(1));
    tell(null);
    await renderer.close();
    expect(fake.output() + fake.errors()).toBe("");
  });
});
