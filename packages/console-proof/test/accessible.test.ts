import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, campaignYaml, openConsolePlace } from "./support/console-place.ts";

describe("Everybody can use the console", () => {
  let place: ConsolePlace;
  let done: string;
  let failed: string;
  let bundle: string;
  beforeAll(async () => {
    place = await openConsolePlace();
    done = (await place.client.submit({ config: campaignYaml("done") })).jobId;
    const faults = ", faults: [{ fault: revoked_token, operation: people }]";
    failed = (await place.client.submit({ config: campaignYaml("failed", { faults }) })).jobId;
    for (const jobId of [done, failed]) for await (const _event of place.client.watch(jobId));
    bundle = join(place.folder, "bundle.zip");
    await place.run(["bundle", done, "--api-base", place.url, "--out", bundle]);
  });
  afterAll(() => place.close());

  /** What axe finds, as `rule: selector`. Its script is run past the page's policy, which would refuse it. */
  async function findings(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const { violations } = await (
        globalThis as unknown as {
          axe: {
            run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
          };
        }
      ).axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
    });
  }

  /** Each page with its address, and what is in it when all of it is there, and was not in the page before it. */
  const pages = () =>
    [
      ["jobs", "#/", ".job-link"],
      ["new campaign", "#/new", "main:has(.campaign-field) .estimate-goal"],
      ["progress", `#/jobs/${done}`, ".job-page:has(.badge-completed) [data-fingerprint]"],
      ["progress of one that failed", `#/jobs/${failed}`, ".job-page:has(.badge-failed) [data-fingerprint]"],
      ["results", `#/jobs/${done}/results`, ".results:has(.prospects) .downloads button"],
      ["leads", `#/jobs/${done}/leads`, ".lead-open"],
      ["events", `#/jobs/${done}/events`, ".feed-line"],
      ["open a file", "#/open", "h1:text-is('Open a saved job')"],
      ["choice of what is compared", `#/diff/${done}`, ".choice"],
      ["what differs", `#/diff/${done}/${failed}`, ".diff-section"],
      ["nothing that differs", `#/diff/${done}/${done}`, "text=The same leads and the same summary"],
      ["what cannot be compared", `#/diff/${done}/job_none`, "[role=alert]"],
      ["people", "#/people?person=nobody", "text=Nothing is held under this name"],
      ["no such job", "#/jobs/job_none", "h1:text-is('There is no such job')"],
      ["no such page", "#/nowhere", "h1:text-is('There is no such page')"],
    ] as const;

  it.each([
    ["light", 1280],
    ["dark", 390],
  ] as const)(
    "axe finds nothing on any page, %s at %i px, and nothing is wider than the screen",
    async (colorScheme, width) => {
      const { page, wrongs } = await place.open("", {
        colorScheme,
        viewport: { width, height: 800 },
        bypassCSP: true,
        reducedMotion: "reduce",
      });
      const found: Record<string, string[]> = {};
      for (const [name, address, whole] of pages()) {
        await page.goto(`${place.url}/${address}`);
        await page.locator(whole).first().waitFor();
        await expect.poll(() => page.locator(".loading").count()).toBe(0);
        const here = await findings(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) here.push(`wider than the screen by ${overflow}`);
        if (here.length > 0) found[name] = here;
      }
      await page.goto(`${place.url}/#/jobs/${done}/leads`);
      await page.locator(".lead-open").first().click();
      await page.getByRole("dialog").waitFor();
      const inDialog = await findings(page);
      if (inDialog.length > 0) found.dialog = inDialog;
      await page.goto(`${place.url}/#/open`);
      await page.locator("input[type=file]").setInputFiles(bundle);
      await page.getByText("every byte is as it was written").waitFor();
      const inBundle = await findings(page);
      if (inBundle.length > 0) found.bundle = inBundle;
      expect(found).toEqual({});
      expect(wrongs).toEqual([]);
      await page.context().close();
    },
  );

  it("goes from the list to the best lead with the keyboard alone", async () => {
    const { page } = await place.open();
    await page.locator(".job-link").first().waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo(page, ".job-link");
    const jobs = page.locator(".job-link");
    expect(await jobs.nth(0).evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press("ArrowDown");
    expect(await jobs.nth(1).evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`#/jobs/${done}`));
    // Who tabs through a page that is not there yet goes round in what is.
    await page.locator(".tabs a[href$=leads]").waitFor();
    await tabTo(page, ".tabs a[href$=leads]");
    await page.keyboard.press("Enter");
    await page.locator(".lead-open").first().waitFor();
    await tabTo(page, ".lead-open");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.context().close();
  });

  it("has single keys that can be switched off, and does not take them from who is typing", async () => {
    const { page } = await place.open();
    await page.locator(".job-link").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("n?");
    expect(await page.getByRole("searchbox").inputValue()).toBe("n?");
    await page.getByRole("searchbox").fill("");
    await page.getByRole("heading", { name: "Jobs" }).click();
    await page.keyboard.press("n");
    await page.waitForURL(/#\/new/);
    await page.getByRole("heading", { name: "New campaign" }).click();
    await page.keyboard.press("?");
    await page.getByLabel("Single letters do something").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.waitForTimeout(200);
    expect(page.url()).toMatch(/#\/new$/);
    await page.context().close();
  });

  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let press = 0; press < 60; press += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
    }
    throw new Error(`${selector} was not reached by Tab.`);
  }
});
