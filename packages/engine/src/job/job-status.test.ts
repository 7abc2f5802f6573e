import { describe, expect, it } from "vitest";
import { canMove, isTerminalStatus, type JobStatus, moveStatus } from "./job-status.ts";

const allowed: Record<JobStatus, readonly JobStatus[]> = {
  queued: ["running", "paused", "cancelled"],
  running: ["queued", "paused", "completed", "failed", "cancelled"],
  paused: ["queued", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};
const statuses = Object.keys(allowed) as JobStatus[];

describe("the status of a job", () => {
  it.each(statuses.flatMap((from) => statuses.map((to) => [from, to] as const)))(
    "%s to %s is as the table says",
    (from, to) => {
      expect(canMove(from, to)).toBe(allowed[from].includes(to));
      if (allowed[from].includes(to)) expect(moveStatus(from, to)).toBe(to);
      else
        expect(() => moveStatus(from, to)).toThrow(
          expect.objectContaining({ code: "conflict", hint: expect.any(String) }),
        );
    },
  );

  it("S12 is terminal when nothing leads out of it", () => {
    expect(statuses.filter(isTerminalStatus)).toEqual(["completed", "failed", "cancelled"]);
  });
});
