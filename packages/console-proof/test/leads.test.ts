import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, openConsolePlace } from "./support/console-place.ts";
import { filledJob, fillWithLeads, hostile } from "./support/fill-with-leads.ts";
import { holdRequests } from "./support/hold-requests.ts";

const count = 100_000;

describe("100,000 leads in the console", () => {
  let place: ConsolePlace;
  beforeAll(async () => {
    place = await openConsolePlace({ fill: (file) => fillWithLeads(file, count) });
  });
  afterAll(() => place.close());

  const address = `#/jobs/${filledJob}/leads`;

  it("are all reached by scrolling, with some dozens of rows in the page", async () => {
    const { page } = await place.open(address);
    await page.locator(".lead-total", { hasText: "100,000 leads" }).waitFor();
    expect(await page.locator(".lead-table").getAttribute("aria-rowcount")).toBe(`${count + 1}`);
    expect(await page.locator(".lead-row").count()).toBeLessThan(80);
    await page.locator(".lead-list").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.getByRole("button", { name: `Person ${count}`, exact: true }).waitFor();
    const last = page.locator(`.lead-row[aria-rowindex="${count + 1}"]`);
    expect(await last.locator(".lead-rank").textContent()).toBe("100,000");
    await page.locator(".lead-list").focus();
    await page.keyboard.press("Home");
    await page.locator(".lead-row[aria-rowindex='3'] .lead-open").waitFor();
    await page.context().close();
  });

  it("are sorted and filtered by the server, whichever of them are in the page", async () => {
    const { page } = await place.open(address);
    const rows = page.locator(".lead-list .lead-row:not(.lead-blank)");
    await rows.first().waitFor();
    await page.getByRole("button", { name: "Followers" }).click();
    await expect.poll(() => rows.first().locator(".lead-followers").textContent()).toBe("10,006");
    expect(await page.locator(".lead-followers[role=columnheader]").getAttribute("aria-sort")).toBe(
      "descending",
    );
    await page.getByRole("radio", { name: "not contactable" }).check();
    await page.locator(".lead-total", { hasText: "33,333 leads" }).waitFor();
    await page.getByRole("searchbox").fill("works 42");
    const { total } = await place.client.leads(filledJob, {
      contactable: false,
      search: "works 42",
      limit: 1,
    });
    await page.locator(".lead-total", { hasText: `${total} leads` }).waitFor();
    await expect.poll(() => rows.first().locator(".lead-company").textContent()).toBe("Works 42");
    await page.context().close();
  });

  it("opens a score into its parts and evidence, and each datum's origin", async () => {
    const { page } = await place.open(address);
    await page.getByRole("button", { name: "Person 2", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("works/compiler is written in Go").waitFor();
    expect(await dialog.locator(".score-parts").textContent()).toBe("fit30activity20reachability10");
    expect(await dialog.getByText("github.user.email").count()).toBe(1);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.context().close();
  });

  it("S31 takes out whoever is suppressed from here, at once and in every file", async () => {
    const { page } = await place.open(address);
    await page.getByRole("button", { name: "Person 4", exact: true }).click();
    await page.getByRole("button", { name: "Do not contact…" }).click();
    await page.getByRole("button", { name: "Put on the list" }).click();
    await page.getByRole("dialog").first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Person 4", exact: true }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Person 5", exact: true }).waitFor();
    const { leads } = await place.client.leads(filledJob, { limit: 10 });
    expect(leads.map(({ login }) => login)).not.toContain("person-4");
    // The place that is theirs at the server stays, at the end of its page of 200, and says why nobody is there.
    await page.locator(".lead-list").evaluate((list) => list.scrollTo(0, 195 * 56));
    await page.locator(".lead-row[aria-rowindex='201']", { hasText: "on the suppression list" }).waitFor();
    await page.context().close();
  });

  it("stay where they are, place and total, when the job's log or a change makes them be asked for again", async () => {
    const { page } = await place.open();
    const release = await holdRequests(page, "**/events*");
    await page.goto(`${place.url}/${address}`);
    const table = page.locator(".lead-table");
    await page.locator(".lead-total", { hasText: /^[\d,]+ leads$/ }).waitFor();
    await table.evaluate((element) => {
      const counts: (string | null)[] = [];
      Reflect.set(globalThis, "rowCounts", counts);
      new MutationObserver(() => counts.push(element.getAttribute("aria-rowcount"))).observe(element, {
        attributeFilter: ["aria-rowcount"],
      });
    });
    const asked = page.waitForResponse((response) => response.url().includes("/leads?"));
    release();
    await asked;
    await page.locator(".lead-list").evaluate((list) => list.scrollTo(0, 50_000 * 56));
    await page.getByRole("button", { name: "Person 50001", exact: true }).click();
    await page.getByRole("button", { name: "Do not contact…" }).click();
    await page.getByRole("button", { name: "Put on the list" }).click();
    await page.getByRole("button", { name: "Person 50001", exact: true }).waitFor({ state: "detached" });
    expect(await page.locator(".lead-list").evaluate((list) => list.scrollTop)).toBe(50_000 * 56);
    expect(await page.evaluate(() => Reflect.get(globalThis, "rowCounts"))).toEqual([]);
    await page.context().close();
  });

  it("of a job that has ended come no more, which is known before its log has come", async () => {
    const { page } = await place.open();
    const release = await holdRequests(page, "**/events*");
    await page.goto(`${place.url}/${address}`);
    await page.getByRole("searchbox").fill("nobody at all");
    await page.getByText("Nobody is like that.").waitFor();
    release();
    await page.context().close();
  });

  it("runs nothing of what somebody wrote into a profile, and follows no link of theirs but to the web", async () => {
    const { page, wrongs, outside } = await place.open(address);
    const row = page.locator(".lead-row[aria-rowindex='2']");
    await row.locator(".lead-open").waitFor();
    expect(await row.locator(".lead-open").textContent()).toBe(hostile.name);
    await row.locator(".lead-open").click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    expect(await dialog.locator(".bio").textContent()).toBe(hostile.bio);
    expect(await dialog.locator("a[href^='javascript'], a[href^='data']").count()).toBe(0);
    for (const tab of ["", "/results", "/events"]) {
      await page.goto(`${place.url}/#/jobs/${filledJob}${tab}`);
      await page.locator(".goal").waitFor();
      await page.waitForTimeout(300);
    }
    await page.goto(`${place.url}/#/`);
    expect(await page.locator(".job-link").textContent()).toBe(hostile.name);
    expect(await page.evaluate(() => Reflect.get(globalThis, "pwned"))).toBeUndefined();
    expect(await page.locator("main img, main iframe, main script, main svg").count()).toBe(0);
    expect([wrongs, outside]).toEqual([[], []]);
    await page.context().close();
  });
});
