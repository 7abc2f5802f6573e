import type { JobDiff } from "@cmo/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, campaignYaml, openConsolePlace } from "./support/console-place.ts";

describe("Two jobs compared in the console", () => {
  let place: ConsolePlace;
  let first: string;
  let again: string;
  let fewer: string;
  let fork: string;
  let other: string;
  beforeAll(async () => {
    place = await openConsolePlace();
    const ended = async (jobId: string) => {
      for await (const _event of place.client.watch(jobId));
      return jobId;
    };
    const run = async (name: string, ...set: string[]) =>
      ended((await place.client.submit({ config: campaignYaml(name, { target: 30 }), set })).jobId);
    other = await run("another");
    first = await run("compared");
    again = await run("compared");
    fewer = await run("compared", "target_leads=3");
    const changed = { set: ["scoring.weights.fit.stars=40", "scoring.version=2"] };
    fork = await ended((await place.client.fork(first, changed)).id);
  });
  afterAll(() => place.close());

  const section = (title: string) => `details:has(h2:text-matches("^${title}"))`;

  it("are what the server says: who came, went and changed with the reason, the campaign and the summary", async () => {
    const diff: JobDiff = await place.client.diff(first, fork);
    expect(diff.changed.count).toBeGreaterThan(5);
    const { page, wrongs, outside } = await place.open(`#/jobs/${fork}`);
    await page.getByRole("link", { name: "Compare with parent" }).click();
    await page.waitForURL(new RegExp(`#/diff/${first}/${fork}$`));
    await page.getByRole("region", { name: "Job B" }).getByText("made from the other").waitFor();

    const tiles = page.locator(".tile dd");
    const counts = [diff.added.count, diff.gone.count, diff.changed.count, diff.moved.count, diff.unchanged];
    expect(await tiles.allTextContents()).toEqual(counts.map(String));
    const added = page.locator(section("Added")).locator("tbody tr");
    expect(await added.count()).toBe(diff.added.leads.length);
    for (const [index, { person, reason }] of diff.added.leads.entries()) {
      expect(await added.nth(index).textContent()).toContain(person?.login);
      expect(await added.nth(index).textContent()).toContain(reason.text);
    }
    const changed = page.locator(section("Changed")).locator("tbody tr");
    expect(await changed.count()).toBe(diff.changed.leads.length);
    const [lead] = diff.changed.leads;
    const [signal] = lead?.signals ?? [];
    const told = (await changed.first().textContent())?.replaceAll(/\s+/g, " ");
    expect(told).toContain(`${signal?.signal} ${signal?.a?.points} → becomes ${signal?.b?.points}`);
    const campaign = page.locator(section("In the campaign"));
    await campaign.getByRole("row", { name: "scoring.weights.fit.stars 10 40" }).waitFor();
    const summary = page.locator(section("In the summary")).locator("tbody tr");
    expect(await summary.count()).toBe(diff.summary.length);
    expect([wrongs, outside]).toEqual([[], []]);

    await page.getByRole("link", { name: "Swap A and B" }).click();
    await page.waitForURL(new RegExp(`#/diff/${fork}/${first}$`));
    await page.getByRole("region", { name: "Job A" }).getByText("made from the other").waitFor();
    await page.context().close();
  });

  it("are told to be the same, with what was asked for it", async () => {
    const { spec, quota } = await place.client.diff(other, first);
    const { page } = await place.open(`#/diff/${other}/${first}`);
    await page.getByText("The same leads and the same summary").waitFor();
    const campaign = page.locator(section("In the campaign")).locator("tbody tr");
    expect(await campaign.count()).toBe(spec.length);
    const asked = page.locator(section("What was asked for it"));
    await asked.getByRole("row", { name: /cacheHits/ }).waitFor();
    expect(await asked.locator("tbody tr").count()).toBe(quota.length);
    for (const title of ["Added", "Gone", "Changed", "Moved", "In the summary"]) {
      expect(await page.locator(section(title)).count()).toBe(0);
    }
    await page.context().close();
  });

  it("are chosen from a job: its family, then its name, then the others, the older one first", async () => {
    const { page } = await place.open(`#/jobs/${first}`);
    await page.getByRole("link", { name: "Compare with…" }).click();
    const choices = page.locator(".choice");
    await expect.poll(() => choices.count()).toBe(4);
    const ids = await choices.locator("code").allTextContents();
    expect(ids).toEqual([fork, fewer, again, other]);
    expect(await choices.nth(0).textContent()).toContain("made from it");
    expect(await choices.nth(1).textContent()).toContain("same name");
    await page.getByRole("searchbox").fill("another");
    await expect.poll(() => choices.count()).toBe(1);
    await page.getByRole("searchbox").fill("");
    // By keyboard.
    await choices.first().getByRole("link").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`#/diff/${first}/${fewer}$`));
    await page.locator(section("Gone")).locator("tbody tr").first().waitFor();

    await page.goto(`${place.url}/#/diff/${first}`);
    await page.getByRole("link", { name: "another" }).click();
    await page.waitForURL(new RegExp(`#/diff/${other}/${first}$`));
    await page.context().close();
  });

  it("are chosen by their ids from the list of jobs, and an id of no job is told of", async () => {
    const { page } = await place.open();
    await page.getByRole("link", { name: "Compare two jobs" }).click();
    await page.getByLabel("Id of the job").fill("job_none");
    await page.getByRole("button", { name: "Choose" }).click();
    await page.getByRole("alert").getByText("no job job_none").waitFor();
    await page.getByLabel("Id of the job").fill(` ${again} `);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`#/diff/${again}$`));
    await page.getByRole("heading", { name: "Compare compared" }).waitFor();
    await page.getByLabel("Id of the job").fill(first);
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(new RegExp(`#/diff/${first}/${again}$`));
    await page.context().close();
  });

  it("are as many as were asked for, and more on demand", async () => {
    const { page } = await place.open();
    // As the server pages it: the first hundred of a thousand.
    const diff = await place.client.diff(first, fewer);
    const [gone] = diff.gone.leads;
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...gone,
        person: { ...gone?.person, nodeId: `U_${index}`, login: `person-${index}` },
      }));
    const limits: number[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/diff/**", async (route) => {
      const limit = Number(new URL(route.request().url()).searchParams.get("limit"));
      limits.push(limit);
      if (limit > 100) await held;
      return route.fulfill({ json: { ...diff, gone: { count: 2_000, leads: many(limit) } } });
    });
    await page.goto(`${place.url}/#/diff/${first}/${fewer}`);
    const rows = page.locator(section("Gone")).locator("tbody tr");
    await expect.poll(() => rows.count()).toBe(100);
    const more = page.getByRole("button", { name: "Show more than 100" }).first();
    await more.click();
    await expect.poll(() => limits).toEqual([100, 1_000]);
    // What is told of those that are there is right until the others have come.
    expect(await rows.count()).toBe(100);
    expect(await more.count()).toBe(1);
    release();
    await expect.poll(() => rows.count()).toBe(1_000);
    await page.getByText("The first 1,000 are told; all are counted.").first().waitFor();
    expect(limits).toEqual([100, 1_000]);
    await page.context().close();
  });

  it("that have not ended, or are not there, are told of with what to do", async () => {
    const slow = campaignYaml("slow", { latencyMs: 2_000 });
    const { jobId } = await place.client.submit({ config: slow });
    const { page } = await place.open(`#/diff/${first}/${jobId}`);
    await page.getByRole("alert").getByText("can be compared when it has ended").waitFor();
    await page.goto(`${place.url}/#/diff/${first}/job_none`);
    await page.getByRole("alert").getByText("no job job_none").waitFor();
    await page.goto(`${place.url}/#/jobs/${jobId}`);
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.getByRole("link", { name: "Compare with…" }).count()).toBe(0);
    await place.client.cancel(jobId);
    await page.getByRole("link", { name: "Compare with…" }).waitFor();
    await page.context().close();
  });
});
