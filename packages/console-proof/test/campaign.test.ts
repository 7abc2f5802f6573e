import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobEvent } from "@cmo/engine";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, campaignYaml, openConsolePlace } from "./support/console-place.ts";
import { holdRequests } from "./support/hold-requests.ts";
import { stateDigest } from "./support/state-digest.ts";

describe("A campaign in the console", () => {
  let place: ConsolePlace;
  beforeAll(async () => {
    place = await openConsolePlace();
  });
  afterAll(() => place.close());

  /** Pastes a config, waits until it is right, and starts it. Gives the job's id. */
  async function start(page: Page, yaml: string): Promise<string> {
    await page.goto(`${place.url}/#/new`);
    await page.getByLabel("As YAML", { exact: true }).last().fill(yaml);
    const button = page.getByRole("button", { name: "Start the campaign" });
    await button.click();
    await page.waitForURL(/#\/jobs\/job_/);
    return decodeURIComponent(page.url().split("/").at(-1) ?? "");
  }

  async function log(jobId: string): Promise<JobEvent[]> {
    const events: JobEvent[] = [];
    for await (const event of place.client.events(jobId)) events.push(event);
    return events;
  }

  async function fingerprint(page: Page): Promise<string | null> {
    return page.locator("[data-fingerprint]").getAttribute("data-fingerprint");
  }

  it("is submitted, watched to its end, and its files are byte for byte those of the command line", async () => {
    const { page, wrongs, outside } = await place.open();
    const jobId = await start(page, campaignYaml("watched", { latencyMs: 30 }));
    await page.locator(".badge-completed").waitFor();
    expect(await page.locator(".whole .percent").textContent()).toBe("100 %");
    const digest = stateDigest(await log(jobId));
    await expect.poll(() => fingerprint(page)).toBe(digest);

    await page.getByRole("link", { name: "Results" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: /Leads \(CSV\)/ }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe(`${jobId}_leads.csv`);
    const bytes = await readFile((await download.path()) ?? "");
    await place.run(["export", jobId, "--api-base", place.url, "--exports", join(place.folder, "exports")]);
    const exported = await readFile(join(place.folder, "exports", `${jobId}_leads.csv`));
    expect(bytes.equals(exported)).toBe(true);
    expect(bytes.length).toBeGreaterThan(1_000);

    const { counts } = await place.client.summary(jobId);
    await page.getByRole("link", { name: "Leads" }).first().click();
    await expect.poll(() => page.locator(".lead-total").textContent()).toBe(`${counts.leads} leads`);
    expect([wrongs, outside]).toEqual([[], []]);
    await page.context().close();
  });

  it("S03 shows the counts of the summary, as tiles, in the funnel and as rows", async () => {
    const { page } = await place.open();
    const jobId = await start(page, campaignYaml("counted"));
    await page.locator(".badge-completed").waitFor();
    const { counts, funnel } = await place.client.summary(jobId);
    const text = (count: number | null) => (count === null ? "–" : count.toLocaleString("en-GB"));
    const tiles = await page.locator(".tile dd").allTextContents();
    expect(tiles.map((tile) => tile.split(" of ")[0])).toEqual(
      [counts.reposMatched, counts.candidates, counts.profiles, counts.leads, counts.contactable].map(text),
    );
    await page.getByRole("link", { name: "Results" }).click();
    await page.locator(".funnel").waitFor();
    expect(await page.locator(".funnel-count").allTextContents()).toEqual(
      funnel.map(({ count }) => text(count)),
    );
    const drops = Object.values(counts.drops).reduce((sum, count) => sum + count, 0);
    const shown = await page.locator(".drops strong").allTextContents();
    expect(shown.reduce((sum, count) => sum + Number(count.replaceAll(",", "")), 0)).toBe(drops);
    expect(await page.locator(".terminal").textContent()).toContain(
      `${counts.contactable} contactable leads`,
    );
    await page.context().close();
  });

  it("S27 says what it waits for and until when, and goes on", async () => {
    const { page } = await place.open();
    const faults = ", faults: [{ fault: rate_limited, at: 3, reset_after_seconds: 12 }]";
    await start(page, campaignYaml("limited", { faults }));
    const told = page.locator(".notice-warning", { hasText: "Waiting until" });
    await told.waitFor();
    expect(await told.textContent()).toContain("primary limit");
    expect(await page.locator(".quota meter").evaluate((meter) => (meter as HTMLMeterElement).value)).toBe(0);
    await page.locator(".badge-completed").waitFor();
    expect(await told.count()).toBe(0);
    await page.context().close();
  });

  it("S36 says that a job is not there", async () => {
    const { page, wrongs } = await place.open("#/jobs/job_00000000000000000000");
    await page.getByRole("heading", { name: "There is no such job" }).waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("S10 shows no stage, bar or percentage that goes back, and no placeholder", async () => {
    const { page } = await place.open();
    // Looked at by the page itself, at each change of it: nothing that it shows is missed, whoever is slow.
    await page.evaluate(() => {
      const seen: { percent: number; stages: string[] }[] = [];
      Object.assign(globalThis, { seen });
      const look = () =>
        seen.push({
          percent: Number.parseInt(document.querySelector(".whole .percent")?.textContent ?? "0", 10),
          stages: [...document.querySelectorAll(".stage-name")].map(({ textContent }) => textContent ?? ""),
        });
      const changes = { subtree: true, childList: true, characterData: true };
      new MutationObserver(look).observe(document.body, changes);
    });
    // A world of its own: what other campaigns were told would be there at once.
    await start(page, campaignYaml("steady", { latencyMs: 400, seed: 11 }));
    await page.locator(".badge-completed").waitFor();
    const seen = await page.evaluate(
      () => (globalThis as unknown as { seen: { percent: number; stages: string[] }[] }).seen,
    );
    // It was seen on its way, and not only at its ends; how often depends on how often the page has a turn.
    expect(new Set(seen.map(({ percent }) => percent)).size).toBeGreaterThan(2);
    for (const [index, { percent, stages }] of seen.entries()) {
      expect(percent).toBeGreaterThanOrEqual(seen[index - 1]?.percent ?? 0);
      expect(stages.filter((name) => name === "" || name === "unknown")).toEqual([]);
    }
    await page.context().close();
  });

  it("S17 S16 is paused, goes on, and is cancelled; two tabs show the same, and only what is possible can be clicked", async () => {
    const { page } = await place.open();
    // It is cancelled long before its end, however long each click takes.
    const jobId = await start(page, campaignYaml("steered", { latencyMs: 3_000, target: 300 }));
    const { page: other } = await place.open(`#/jobs/${jobId}`);
    const button = (name: string, of = page) =>
      of.locator(".job-actions").getByRole("button", { name, exact: true });
    await page.locator(".badge-running").waitFor();
    expect(await button("Resume").isDisabled()).toBe(true);
    expect(await button("Retry").isDisabled()).toBe(true);

    await button("Pause").click();
    await Promise.all([page, other].map((one) => one.locator(".badge-paused").waitFor()));
    await expect.poll(() => button("Pause").isDisabled()).toBe(true);
    await button("Resume", other).click();
    await Promise.all([page, other].map((one) => one.locator(".badge-running").waitFor()));

    await button("Cancel").click();
    await page.getByRole("button", { name: "Cancel the job" }).click();
    await Promise.all([page, other].map((one) => one.locator(".badge-cancelled").waitFor()));
    await expect.poll(() => button("Retry").isEnabled()).toBe(true);
    const digest = stateDigest(await log(jobId));
    await expect.poll(() => fingerprint(page)).toBe(digest);
    await expect.poll(() => fingerprint(other)).toBe(digest);
    await page.context().close();
    await other.context().close();
  });

  it("S11 shows why it failed, with what to do, and nowhere that it was completed", async () => {
    const { page } = await place.open();
    await start(
      page,
      campaignYaml("failing", { faults: ", faults: [{ fault: revoked_token, operation: people }]" }),
    );
    await page.locator(".badge-failed").waitFor();
    const told = page.locator(".notes");
    expect(await told.textContent()).toMatch(/token/i);
    expect(await told.locator(".hint").count()).toBeGreaterThan(0);
    expect(await page.locator(".badge-completed").count()).toBe(0);
    expect(await page.locator(".whole .percent").textContent()).not.toBe("100 %");
    await page.context().close();
  });

  it("is one job, however often the button is hit", async () => {
    const { page } = await place.open("#/new");
    await page.getByLabel("As YAML", { exact: true }).last().fill(campaignYaml("once"));
    const button = page.getByRole("button", { name: "Start the campaign" });
    await button.and(page.locator(":enabled")).waitFor();
    await page.evaluate(() => {
      const form = document.querySelector("form");
      for (let hit = 0; hit < 3; hit += 1) form?.requestSubmit();
    });
    await page.waitForURL(/#\/jobs\/job_/);
    const { jobs } = await place.client.jobs();
    expect(jobs.filter(({ name }) => name === "once")).toHaveLength(1);
    await page.context().close();
  });

  it("S21 tells every problem of a config where it is, in the form and by its line, and starts nothing", async () => {
    const { page } = await place.open("#/new");
    await page
      .getByLabel("As YAML", { exact: true })
      .last()
      .fill("name: wrong\nparams:\n  langage: Go\n  target_leads: 0\nsource: simulator\n");
    const problems = page.locator(".problems .problem");
    await expect.poll(() => problems.count()).toBe(2);
    expect(await problems.allTextContents()).toEqual([
      expect.stringMatching(/line 3: .*language/),
      expect.stringMatching(/line 4: params\.target_leads/),
    ]);
    expect(await page.locator(".campaign-field.wrong").textContent()).toContain("target leads");
    expect(await page.getByRole("button", { name: "Start the campaign" }).isDisabled()).toBe(true);
    await page.context().close();
  });

  it("is the same config in the form and as YAML, and keeps comments", async () => {
    const { page } = await place.open("#/new");
    const yaml = page.getByLabel("As YAML", { exact: true }).last();
    await page.getByLabel("language", { exact: true }).fill("Rust");
    await page
      .getByLabel("topics", { exact: true })
      .evaluate((input) => input.closest("details")?.toggleAttribute("open"));
    await page.getByLabel("topics", { exact: true }).fill("cli, parser");
    const text = await yaml.inputValue();
    expect(text).toContain("language: Rust");
    expect(text).toContain("# Slow enough to watch.");
    expect(text).toMatch(/topics:\n +- cli\n +- parser|topics: \[ ?cli, parser ?\]/);
    await yaml.fill(text.replace("Rust", "Zig"));
    expect(await page.getByLabel("language", { exact: true }).inputValue()).toBe("Zig");
    await page.getByLabel("topics", { exact: true }).fill("");
    expect(await yaml.inputValue()).not.toContain("default_icp");
    await page.context().close();
  });

  it("shows in no field another value than in the YAML, not for a moment", async () => {
    const { page } = await place.open("#/new");
    await page.getByLabel("language", { exact: true }).waitFor();
    const shown = await page.evaluate(async () => {
      const field = [...document.querySelectorAll("label")].find(
        ({ textContent }) => textContent === "language",
      );
      const yaml = document.querySelector<HTMLTextAreaElement>(".campaign-yaml textarea");
      if (yaml === null) return "no YAML";
      yaml.value = yaml.value.replace(/language: .*/, "language: Zig");
      yaml.dispatchEvent(new Event("input", { bubbles: true }));
      // What is drawn for it is drawn by now; what is put right afterwards was seen wrong.
      for (let turn = 0; turn < 10; turn += 1) await null;
      return field?.control instanceof HTMLInputElement ? field.control.value : "no field";
    });
    expect(shown).toBe("Zig");
    await page.context().close();
  });

  it("says nothing of a job before its log has come, and offers nothing that it cannot do", async () => {
    const { jobId } = await place.client.submit({ config: campaignYaml("known") });
    for await (const _event of place.client.watch(jobId));
    const { page } = await place.open();
    const release = await holdRequests(page, "**/events*");
    for (const tab of ["", "/results"]) {
      await page.goto(`${place.url}/#/jobs/${jobId}${tab}`);
      await page.getByRole("heading", { name: "known", exact: true }).waitFor();
      await page.locator(".loading").waitFor();
      expect(await page.locator("main .badge").count()).toBe(0);
      expect(await page.getByText(/Waiting for a worker|has not ended/).count()).toBe(0);
      for (const name of ["Pause", "Resume", "Cancel", "Retry"]) {
        expect(await page.getByRole("button", { name, exact: true }).isDisabled(), name).toBe(true);
      }
    }
    release();
    await page.locator(".badge-completed").waitFor();
    await page.getByRole("region", { name: "Files" }).waitFor();
    await page.context().close();
  });

  it("S40 S06 misses nothing when the server is killed in the middle and comes back, and says what it is doing", async () => {
    const { page, wrongs } = await place.open();
    const jobId = await start(page, campaignYaml("interrupted", { latencyMs: 400, target: 200 }));
    await expect
      .poll(async () => Number(await page.locator(".scrubber input").getAttribute("max")))
      .toBeGreaterThan(8);
    await place.kill();
    await page.locator(".job-title .connection-waiting").waitFor();
    expect(await page.locator(".job-title .connection").textContent()).toContain("Reconnecting");
    await place.startAgain();
    await page.locator(".job-title .connection-live").waitFor();
    await page.locator(".badge-completed").waitFor();
    const events = await log(jobId);
    expect(Number(await page.locator(".scrubber input").getAttribute("max"))).toBe(events.length);
    await expect.poll(() => fingerprint(page)).toBe(stateDigest(events));
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
