import { canMove, isTerminalStatus, type JobStatus } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { possibleActions } from "./possible-actions.ts";

const statuses: readonly JobStatus[] = ["queued", "running", "paused", "completed", "failed", "cancelled"];

describe("What can be done with a job", () => {
  it("is what the engine's table of moves allows", () => {
    for (const status of statuses) {
      const actions = possibleActions(status);
      expect(actions.has("pause"), status).toBe(canMove(status, "paused"));
      expect(actions.has("cancel"), status).toBe(canMove(status, "cancelled"));
      expect(actions.has("resume"), status).toBe(status === "paused");
      expect(actions.has("retry"), status).toBe(isTerminalStatus(status) && status !== "completed");
    }
  });

  it("is nothing while the state is not known", () => {
    expect(possibleActions(null).size).toBe(0);
  });
});
