import type { ProgressStage } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { visibleStages } from "./visible-stages.ts";

const stages = (states: string): ProgressStage[] =>
  [...states].map((letter, index) => ({
    id: `s${index}`,
    state: letter === "d" ? "done" : letter === "a" ? "active" : "pending",
    itemsProcessed: 0,
    itemsTotal: null,
  }));
const shown = (states: string, rows: number) =>
  visibleStages(stages(states), rows)
    .map(({ id }) => id)
    .join(" ");

describe("The stages that are shown", () => {
  it("are all of them where they fit", () => {
    expect(shown("daap", 4)).toBe("s0 s1 s2 s3");
  });

  it("are those at work, what comes next and what was done last, in their order", () => {
    expect(shown("dddddaappppp", 6)).toBe("s4 s5 s6 s7 s8 s9");
    expect(shown("ddddda", 3)).toBe("s3 s4 s5");
    expect(shown("appppp", 3)).toBe("s0 s1 s2");
    expect(shown("aaaa", 2)).toBe("s0 s1");
  });
});
