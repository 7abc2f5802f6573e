import { buildNewJob, buildSpec, queuedDraft } from "@cmo/engine/testing";
import { createSqliteStore } from "@cmo/store-sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, campaignYaml, openConsolePlace } from "./support/console-place.ts";

const keepUntil = Date.parse("2999-01-01T00:00:00.000Z");

/** More jobs than a page of the list holds, and as the newest one that nobody can read. */
async function fill(file: string): Promise<void> {
  const store = await createSqliteStore({ path: file });
  try {
    for (let index = 0; index < 101; index += 1) {
      const spec = { ...buildSpec(), name: `job ${index}` };
      const job = buildNewJob({ id: `job_${index}`, spec, status: "cancelled", keepUntil });
      await store.createJob(job, [queuedDraft]);
    }
    const spec = { ...buildSpec(), limits: null } as never;
    await store.createJob(buildNewJob({ id: "job_bad", spec, status: "cancelled", keepUntil }), [
      queuedDraft,
    ]);
  } finally {
    await store.close();
  }
}

describe("The list of jobs", () => {
  let place: ConsolePlace;
  beforeAll(async () => {
    place = await openConsolePlace({ fill });
  });
  afterAll(() => place.close());

  it("leaves out a job that cannot be read, and says so with what to do", async () => {
    const { page, wrongs } = await place.open();
    const left = page.locator(".notice-warning");
    await left.waitFor();
    expect(await left.textContent()).toContain("Left out: Job job_bad cannot be read: its spec is damaged.");
    expect(await left.textContent()).toContain("cmo purge --job job_bad");
    expect(await page.locator("a.job-link").count()).toBe(99);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("says that older jobs cannot be had while the server is away, and gives them when it is back", async () => {
    const { page, wrongs } = await place.open();
    const more = page.getByRole("button", { name: "Show older jobs" });
    await more.waitFor();
    await place.kill();
    await more.click();
    await page.getByText("The list could not be read").waitFor();
    await place.startAgain();
    await more.click();
    await expect.poll(() => page.locator("a.job-link").count()).toBe(101);
    expect(await page.getByText("The list could not be read").count()).toBe(0);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("leads to a job that is read by itself when the server was away and is back", async () => {
    const { page, wrongs } = await place.open("#/jobs/job_1");
    await page.getByRole("heading", { name: "job 1", exact: true }).waitFor();
    await page.goto(`${place.url}/#/`);
    await place.kill();
    await page.goto(`${place.url}/#/jobs/job_1`);
    await page.getByRole("heading", { name: "This job could not be read" }).waitFor();
    await place.startAgain();
    await page.getByRole("heading", { name: "job 1", exact: true }).waitFor();
    await expect.poll(() => page.locator(".notice-error").count()).toBe(0);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("tells of a schedule on its run that waits, and what cancelling and erasing that does to it", async () => {
    const config = `${campaignYaml("again")}schedule: { cron: "0 6 1 1 *", time_zone: Europe/Vienna, first_run: scheduled }\n`;
    const { jobId } = await place.client.submit({ config });
    const { page, wrongs } = await place.open(`#/jobs/${jobId}`);
    await page.getByText("By its schedule: 0 6 1 1 * in Europe/Vienna").waitFor();
    const asked = page.getByRole("dialog");
    await page.getByRole("button", { name: "Erase…" }).click();
    expect(await asked.textContent()).toContain("Its schedule goes with it");
    await page.getByRole("button", { name: "Leave it" }).click();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    expect(await asked.textContent()).toContain("Its schedule ends with it");
    await page.getByRole("button", { name: "Cancel the job" }).click();
    await page.locator(".badge-cancelled").waitFor();
    expect((await place.client.jobs({ scheduled: true, status: ["queued"] })).jobs).toEqual([]);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
