import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildEvent, buildLog } from "../testing/build-event.ts";
import { everyDraft } from "../testing/sink-contract.ts";
import { canonicalLog } from "./canonical-log.ts";
import type { EventDraft } from "./event-draft.ts";

describe("canonicalLog", () => {
  it("holds what must be the same on every path, and nothing else", () => {
    expect(canonicalLog(buildLog(everyDraft)).map((line) => JSON.parse(line))).toMatchObject([
      { type: "stage.started", data: { stage: "first" } },
      { type: "stage.completed", data: { stage: "first", counts: { repos_claimed: 2 } } },
      { type: "artifact.created", data: { kind: "leads_json", rows: 1, digest: "d" } },
      { type: "log", data: { code: "data.target_not_met" } },
      { type: "job.queued" },
      { type: "job.started", data: {} },
      { type: "job.completed", data: { targetMet: false } },
    ]);
    const text = canonicalLog(buildLog(everyDraft)).join("\n");
    for (const word of ["seq", "2030-01-01T00", "job_test", "itemsTotal", "callId", "bytes"])
      expect(text).not.toContain(word);
  });

  it("does not depend on how events of different stages lie among each other", () => {
    const stage = (name: string): EventDraft[] => [
      { type: "stage.started", data: { stage: name } },
      { type: "stage.completed", data: { stage: name, counts: { n: name.length } } },
    ];
    const [first, second] = [stage("first"), stage("second")];
    const start = everyDraft.slice(0, 2);
    const straight = canonicalLog(buildLog([...start, ...first, ...second]));
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 0, 1, 1], { minLength: 4 }), (order) => {
        const lists = [[...first], [...second]];
        const mixed = order.map((which) => lists[which]?.shift()).filter((draft) => draft !== undefined);
        expect(canonicalLog(buildLog([...start, ...mixed]))).toEqual(straight);
      }),
    );
  });

  it("puts stages in the order of the plan, those outside of it by name after them", () => {
    const log = canonicalLog(
      buildLog([
        ...everyDraft.slice(0, 1),
        ...["zebra", "third", "apple", "first"].map(
          (stage): EventDraft => ({ type: "stage.started", data: { stage } }),
        ),
      ]),
    );
    expect(log.slice(0, 4).map((line) => JSON.parse(line).data.stage)).toEqual([
      "first",
      "third",
      "apple",
      "zebra",
    ]);
  });

  it("tells runs apart that found something else", () => {
    const other = everyDraft.map(
      (draft): EventDraft =>
        draft.type === "artifact.created" ? { ...draft, data: { ...draft.data, digest: "e" } } : draft,
    );
    expect(canonicalLog(buildLog(other))).not.toEqual(canonicalLog(buildLog(everyDraft)));
  });

  it("S09 leaves out what it does not know", () => {
    const future = buildEvent({ type: "weather.changed", data: { sky: "blue" } }, { seq: 99 });
    expect(canonicalLog([...buildLog(everyDraft), future])).toEqual(canonicalLog(buildLog(everyDraft)));
  });
});
