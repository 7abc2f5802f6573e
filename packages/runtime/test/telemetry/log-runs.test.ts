import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../src/telemetry/log.ts";
import { logRuns } from "../../src/telemetry/log-runs.ts";
import { openTelemetryPlace, smallCampaign, type TelemetryPlace } from "./telemetry-place.ts";

let place: TelemetryPlace;
beforeEach(async () => {
  place = await openTelemetryPlace();
});
afterEach(() => place.close());

function keptLog(level: "info" | "debug") {
  let text = "";
  const log = createLog({
    write: (line) => {
      text += line;
    },
    now: () => Date.now(),
    level,
    redact: (raw) => raw,
  });
  const lines = () =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Record<string, unknown> => JSON.parse(line));
  return { log, lines, text: () => text };
}

describe("the log of runs", () => {
  it("S04 has a line for each job that is queued, taken, ended and let go, all with its id", async () => {
    const { log, lines, text } = keptLog("info");
    const process = await place.open({ listeners: [logRuns(log)] });
    const jobId = await process.submit();
    const summary = await process.runtime.engine.attend(jobId);
    await process.finish();
    expect(lines().map(({ message, status }) => [message, status])).toEqual([
      ["job queued", undefined],
      ["job taken", undefined],
      ["job ended", "completed"],
      ["job released", "completed"],
    ]);
    expect(lines().every((line) => line.jobId === jobId && line.tenant === "local")).toBe(true);
    expect(lines()[2]).toMatchObject({
      leads: summary.counts.leads,
      contactable: summary.counts.contactable,
      ms: expect.any(Number),
    });
    expect(text()).not.toContain(smallCampaign.name);
  });

  it("tells why a job failed", async () => {
    const { log, lines } = keptLog("info");
    const process = await place.open({ listeners: [logRuns(log)] });
    const faults = [{ fault: "revoked_token", every: 1 }];
    await process.runtime.engine.attend(
      await process.submit({ source: { ...smallCampaign.source, faults } }),
    );
    await process.finish();
    expect(lines().filter(({ message }) => message === "job ended")).toEqual([
      expect.objectContaining({ level: "warn", status: "failed", code: "unauthenticated" }),
    ]);
  });

  it("has each request of the source at debug, with its job and its call in the events", async () => {
    const { log, lines } = keptLog("debug");
    const process = await place.open({ listeners: [logRuns(log)] });
    const jobId = await process.submit();
    const summary = await process.runtime.engine.attend(jobId);
    await process.finish();
    const requests = lines().filter(({ message }) => message === "source request");
    expect(requests).toHaveLength(summary.quota.requests);
    expect(requests[0]).toMatchObject({
      jobId,
      callId: "1.1",
      tool: "github.preflight",
      method: "POST",
      status: 200,
    });
    expect(new Set(requests.map(({ callId }) => callId)).size).toBe(requests.length);
  });
});
