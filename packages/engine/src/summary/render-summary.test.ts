import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventDraft } from "../event/event-draft.ts";
import { buildLog } from "../testing/build-event.ts";
import { queuedDraft } from "../testing/build-job.ts";
import { buildLead } from "../testing/build-lead.ts";
import { displayWidth } from "./display-width.ts";
import { formatDuration, renderSummary } from "./render-summary.ts";
import { buildSummary } from "./run-summary.ts";

const campaign: EventDraft[] = [
  queuedDraft,
  { type: "job.started", data: { attempt: 1 } },
  {
    type: "metrics",
    data: {
      metrics: {
        repos_claimed: 12_345,
        repos_matched: 300,
        repos_opened: 120,
        candidates: 411,
        profiles: 400,
        leads: 60,
        contactable: 14,
      },
    },
  },
  {
    type: "stage.completed",
    data: { stage: "discovery", drops: { fork: 7, archived: 30, excluded_topic: 7, empty: 0 } },
  },
  {
    type: "tool.completed",
    data: { callId: "1", tool: "t", ok: true, durationMs: 9, cost: 64, cached: false, error: null },
  },
  {
    type: "log",
    data: { level: "warning", code: "data.target_not_met", message: "Fewer were found than wanted." },
  },
];
const leads = [
  buildLead({ rank: 1, score: 71.25 }),
  buildLead({ rank: 2, score: 9, name: "山田太郎", contactable: false }),
];
const completed: EventDraft = { type: "job.completed", data: { targetMet: false } };
const failed: EventDraft = {
  type: "job.failed",
  data: {
    error: {
      code: "unauthenticated",
      message: "GitHub refused the token.",
      hint: "Set GITHUB_TOKEN to a valid one.",
    },
    partial: true,
  },
};

describe("renderSummary", () => {
  it("S20 tells of a campaign that found fewer than it wanted", () => {
    expect(renderSummary(buildSummary(buildLog([...campaign, completed]), leads))).toMatchInlineSnapshot(`
      "✅ 14 contactable leads of 3 wanted in 5.0 s: the matches ended before the target
        Find imaginary people

        12,345  repositories claimed
           300  repositories matched
           120  repositories opened
           411  candidates
           400  profiles
            14  contactable leads

      Left behind
        archived 30 · excluded topic 7 · fork 7

      Top prospects
         1.  71.3  person-1 (Person 1) · works/compiler
         2.   9.0  person-2 (山田太郎) · works/compiler · not contactable

      Asked the source: 1 request · 64 points

      ⚠️  Fewer were found than wanted.
      "
    `);
  });

  it("S11 tells of a failure, why, what to do, and what was kept", () => {
    const summary = buildSummary(buildLog([...campaign, failed]), leads);
    expect(renderSummary(summary, { emoji: false, width: 60 })).toMatchInlineSnapshot(`
      "FAILED Failed in 5.0 s (14 contactable leads of 60 kept,
         partial)
        Find imaginary people

        12,345  repositories claimed
           300  repositories matched
           120  repositories opened
           411  candidates
           400  profiles
            14  contactable leads

      Left behind
        archived 30 · excluded topic 7 · fork 7

      Top prospects
         1.  71.3  person-1 (Person 1) · works/compiler
         2.   9.0  person-2 (山田太郎) · works/compiler · not con…

      Asked the source: 1 request · 64 points

      error: GitHub refused the token.
         Set GITHUB_TOKEN to a valid one.
      warning: Fewer were found than wanted.
      "
    `);
  });

  it.each<[string, EventDraft[], string]>([
    ["nothing", [], "... Nothing has happened yet"],
    ["queued", [queuedDraft], "... Queued"],
    ["running", campaign.slice(0, 2), "... Running"],
    ["paused", [...campaign.slice(0, 2), { type: "job.paused", data: {} }], "... Paused"],
    [
      "completed",
      [...campaign, { type: "job.completed", data: { targetMet: true } }],
      "OK 14 contactable leads of 3 wanted in 5.0 s",
    ],
    [
      "completed without leads",
      [queuedDraft, { type: "job.completed", data: { targetMet: null } }],
      "OK Completed",
    ],
    ["failed", [...campaign, failed], "FAILED Failed in 5.0 s (14 contactable leads of 60 kept, partial)"],
    [
      "cancelled",
      [...campaign, { type: "job.cancelled", data: { partial: true } }],
      "CANCELLED Cancelled in 5.0 s (14",
    ],
    [
      "cancelled at once",
      [queuedDraft, { type: "job.cancelled", data: { partial: false } }],
      "CANCELLED Cancelled (nothing was found yet)",
    ],
  ])("S11 begins with the outcome of a job that is %s", (_, drafts, expected) => {
    const [first] = renderSummary(buildSummary(buildLog(drafts), []), { emoji: false }).split("\n");
    expect(first?.startsWith(expected), first).toBe(true);
  });

  it("S39 cuts no count off where it is narrow", () => {
    const counted = buildSummary(buildLog([...campaign, failed]), leads);
    const summary = {
      ...counted,
      counts: { ...counted.counts, leads: 97, leadsWithEmail: 57, contactable: 29 },
      quota: { ...counted.quota, requests: 3, points: 3, cacheHits: 210, waitedMs: 61_000 },
    };
    const words = renderSummary(summary, { width: 40 }).replaceAll(/\s+/g, " ");
    expect(words).toContain("In the files: 97 leads, 57 with an address, 68 not contactable");
    expect(words).toContain(
      "Asked the source: 3 requests · 3 points · 210 from the cache · waited 1 min 01 s for quota",
    );
  });

  it("S39 keeps to the width, without control codes, and without emoji when asked", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constant("\u001b[2J\r\n"),
    );
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 0, max: 120 }),
        fc.boolean(),
        (name, message, width, emoji) => {
          const summary = buildSummary(
            buildLog([
              { ...queuedDraft, data: { ...queuedDraft.data, goal: message } } as EventDraft,
              ...campaign.slice(1),
              { type: "stage.completed", data: { stage: "x", drops: { [message]: 3 } } },
              { type: "log", data: { level: "error", code: "x", message } },
              failed,
            ]),
            [buildLead({ name, login: "imaginary", repositories: [{ name, commits: 1, lastCommitAt: "" }] })],
          );
          const rendered = renderSummary(summary, { emoji, width });
          expect(rendered.endsWith("\n")).toBe(true);
          for (const line of rendered.slice(0, -1).split("\n")) {
            expect(displayWidth(line), line).toBeLessThanOrEqual(Math.max(40, width));
            // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
          }
        },
      ),
    );
    const plain = renderSummary(buildSummary(buildLog([...campaign, failed]), []), { emoji: false });
    expect(plain).not.toMatch(/\p{Extended_Pictographic}/u);
  });
});

describe("formatDuration", () => {
  it.each([
    [-5, "0.0 s"],
    [0, "0.0 s"],
    [4_250, "4.2 s"],
    [9_999, "9.9 s"],
    [10_000, "10 s"],
    [59_999, "59 s"],
    [60_000, "1 min 00 s"],
    [3_599_999, "59 min 59 s"],
    [3_600_000, "1 h 00 min"],
    [90_000_000, "25 h 00 min"],
  ])("writes %i ms as %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
