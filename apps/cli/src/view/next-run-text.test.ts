import { CmoError } from "@cmo/engine";
import { expect, it } from "vitest";
import { findNextRun, findRunAfter } from "./next-run-text.ts";

it("S40 tells the end of a run also where nobody can say any more when the next one is", async () => {
  const gone = new CmoError("api_unreachable", "The API does not answer.");
  const service = { job: () => Promise.reject(gone) };
  const campaigns = { service } as unknown as Parameters<typeof findRunAfter>[0];
  expect(await findRunAfter(campaigns, "job_a")).toBeNull();
  const schedule = { cron: "@daily", timeZone: "UTC", nextJobId: "job_b" };
  await expect(findNextRun(campaigns, { schedule })).rejects.toBe(gone);
});
