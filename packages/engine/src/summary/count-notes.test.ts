import { describe, expect, it } from "vitest";
import { countNotes } from "./count-notes.ts";

const note = (message: string, code = "source_unavailable") => ({ code, message, hint: null });

describe("countNotes", () => {
  it("tells failed attempts of the same reason once, with how many there were", () => {
    const notes = [
      note("Attempt 1 failed: no answer"),
      note("5 repositories are unreadable", "data.unreadable"),
      note("Attempt 2 failed: no answer"),
      note("Attempt 3 failed: a different reason"),
    ];
    expect(countNotes(notes)).toEqual([
      { ...note("An attempt failed: no answer"), count: 2 },
      { ...note("5 repositories are unreadable", "data.unreadable"), count: 1 },
      { ...note("Attempt 3 failed: a different reason"), count: 1 },
    ]);
    expect(countNotes([])).toEqual([]);
  });
});
