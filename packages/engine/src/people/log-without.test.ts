import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalLog } from "../event/canonical-log.ts";
import { foldProgress } from "../progress/fold-progress.ts";
import { initialProgress } from "../progress/initial-progress.ts";
import { foldSummary } from "../summary/reduce-summary.ts";
import { initialSummary } from "../summary/summary-state.ts";
import { buildLog } from "../testing/build-event.ts";
import { queuedDraft } from "../testing/build-job.ts";
import { eventWithout, snapshotWithout } from "./log-without.ts";
import { createPersonText } from "./person-text.ts";

const text = createPersonText({
  ids: ["U_ada"],
  logins: ["ada", "ada-l"],
  emails: ["ada@lovelace.example"],
  belongings: [{ id: "R_engine", shownName: "engine" }],
});

/** Sentences with and without her, short and longer than a log keeps. */
const sentence = fc
  .array(
    fc.constantFrom(
      "ada",
      "ADA-L",
      "adamant",
      "ada/engine",
      "U_ada",
      "ada@lovelace.example",
      "engine",
      "x",
      "\u0007",
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((words) => words.join(" "))
  .chain((words) =>
    fc.constantFrom(
      words,
      `${"long ".repeat(60)}${words}${" tail".repeat(60)}`,
      `${"y".repeat(498)} ${words}`,
    ),
  );
const error = sentence.map((message) => ({ code: "agent_failed" as const, message, hint: null }));
const draft = fc.oneof(
  sentence.map((currentItem) => ({
    type: "stage.progress",
    data: { stage: "first", itemsProcessed: 1, itemsTotal: 2, currentItem, percent: 3 },
  })),
  fc
    .record({ level: fc.constantFrom("warning", "error"), code: fc.constant("a"), message: sentence })
    .map((data) => ({ type: "log", data })),
  fc.constantFrom("warning", "error").map((level) => ({
    type: "log",
    data: { level, code: "data.target_not_met", message: "Only 3 of 5 in all of ada, the language" },
  })),
  error.map((data) => ({ type: "job.retrying", data: { attempt: 1, delayMs: 0, error: data } })),
);

function foldsOf(log: ReturnType<typeof buildLog>) {
  const state = {
    progress: foldProgress(initialProgress(["first"]), log),
    summary: foldSummary(initialSummary(), log),
  };
  return JSON.parse(JSON.stringify(state));
}

describe("A log without somebody", () => {
  it("S35 folds to the snapshot without them, whatever it said of them", () => {
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 12 }), fc.option(error), (drafts, failure) => {
        const log = buildLog([
          queuedDraft,
          { type: "stage.started", data: { stage: "first" } },
          ...drafts,
          ...(failure === null ? [] : [{ type: "job.failed", data: { error: failure, partial: false } }]),
        ]);
        const erased = log.map((event) => ({ ...event, data: eventWithout(event.type, event.data, text) }));
        expect(snapshotWithout(foldsOf(log), text)).toEqual(foldsOf(erased));
        expect(canonicalLog(erased)).toEqual(canonicalLog(log));
        for (const { type, data } of erased) {
          if (type === "log" && data.code === "data.target_not_met") continue;
          // Short texts: in a long one only what is beyond what is kept, or cut in two, may be left.
          const said = JSON.stringify(data);
          if (said.length < 300) expect(said).not.toMatch(/(?<![\w-])ada(?![\w-])|U_ada|lovelace/i);
        }
      }),
    );
  });

  it("is the same object when it does not name them", () => {
    const data = { level: "info", code: "x", message: "adamant about the engine of adac" };
    expect(eventWithout("log", data, text)).toBe(data);
    const snapshot = foldsOf(buildLog([queuedDraft, { type: "log", data }]));
    expect(snapshotWithout(snapshot, text)).toBe(snapshot);
  });

  it("does not call what is in work by the name of a repository of theirs", () => {
    const data = { stage: "first", itemsProcessed: 1, itemsTotal: 2, currentItem: "engine", percent: 3 };
    expect(eventWithout("stage.progress", data, text)).toEqual({ ...data, currentItem: "[erased]" });
    const other = { ...data, currentItem: "engine-room" };
    expect(eventWithout("stage.progress", other, text)).toBe(other);
  });
});
