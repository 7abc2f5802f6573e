import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundleBytes } from "@cmo/bundle/testing";
import { createClient } from "@cmo/client";
import { heard, startCmo } from "@cmo/command";
import type { Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, campaignYaml, openConsolePlace } from "./support/console-place.ts";
import { dropFiles } from "./support/drop-files.ts";
import { holdRequests } from "./support/hold-requests.ts";

describe("S37 A server with keys", () => {
  let place: ConsolePlace;
  let key: string;
  beforeAll(async () => {
    place = await openConsolePlace({
      async fill(file) {
        const made = startCmo(["keys", "create", "--tenant", "growth", "--store", file], dirname(file));
        key = await heard(made, /(cmo_[0-9a-z]+_[0-9a-zA-Z]+)/);
        await made.ended;
      },
    });
  });
  afterAll(() => place.close());

  it("asks for one, says when it is wrong, and keeps the right one in the tab only", async () => {
    const { page, outside } = await place.open();
    await page.getByRole("heading", { name: "This server wants a key" }).waitFor();
    await page.getByLabel("Key", { exact: true }).fill("cmo_0000000000_wrong");
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).not.toContain("cmo_0000000000_wrong");
    await page.getByLabel("Key", { exact: true }).fill(key);
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByText("Nothing has been asked for yet").waitFor();

    const kept = await page.evaluate(() => [
      JSON.stringify({ ...localStorage }),
      document.cookie,
      JSON.stringify({ ...sessionStorage }),
    ]);
    expect(kept[0]).not.toContain(key);
    expect(kept[1]).toBe("");
    expect(kept[2]).toContain(key);
    expect(page.url()).not.toContain(key);
    const other = await page.context().newPage();
    await other.goto(place.url);
    await other.getByRole("heading", { name: "This server wants a key" }).waitFor();
    expect(outside).toEqual([]);
    await page.context().close();
  });

  it.each([
    ["a campaign that is being written", "#/new", "**/api/config-schema", "New campaign"],
    ["what is held of somebody", "#/people?person=nobody", "**/api/people/*", "People"],
  ])("takes no late refusal of %s for one of the key", async (_what, address, asked, heading) => {
    const { page } = await place.open();
    await page.getByRole("heading", { name: "This server wants a key" }).waitFor();
    const isKeyless = (request: Request) => request.headers().authorization === undefined;
    const release = await holdRequests(page, asked, isKeyless);
    await page.goto(`${place.url}/${address}`);
    const late = page.waitForRequest(asked);
    // The list is refused first, but not before the page has asked.
    await page.route("**/api/jobs?*", async (route) => {
      await late;
      await route.continue();
    });
    await page.reload();
    const url = (await late).url();
    await page.getByLabel("Key", { exact: true }).fill(key);
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByRole("heading", { name: heading }).waitFor();
    const refused = page.waitForResponse((response) => response.url() === url && response.status() === 401);
    release();
    await (await refused).finished();
    // The page has had its turn with the answer when it has answered this.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    await page.getByRole("heading", { name: heading }).waitFor();
    expect(await page.getByRole("heading", { name: "This server wants a key" }).count()).toBe(0);
    await page.context().close();
  });

  it("streams and downloads with it, as neither a plain link nor an EventSource could", async () => {
    const { page } = await place.open();
    await page.getByLabel("Key", { exact: true }).fill(key);
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByRole("link", { name: "Start a campaign" }).click();
    await page.getByLabel("As YAML", { exact: true }).last().fill(campaignYaml("guarded"));
    await page.getByRole("button", { name: "Start the campaign" }).click();
    await page.locator(".badge-completed").waitFor();
    await page.getByRole("link", { name: "Results" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: /Summary/ }).click();
    expect((await saved).suggestedFilename()).toMatch(/_summary\.json$/);
    await page.getByRole("button", { name: "Forget key" }).click();
    await page.getByRole("heading", { name: "This server wants a key" }).waitFor();
    await page.context().close();
  });

  it("shows nothing of what it opened once it is forgotten", async () => {
    const client = createClient({ baseUrl: place.url, apiKey: key });
    await client.submit({ config: campaignYaml("private") });
    const { page } = await place.open();
    await page.getByLabel("Key", { exact: true }).fill(key);
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByRole("link", { name: "private", exact: true }).waitFor();
    const release = await holdRequests(page, "**/api/jobs?*");
    await page.getByRole("button", { name: "Forget key" }).click();
    await page.locator(".loading").waitFor();
    expect(await page.getByRole("link", { name: "private", exact: true }).count()).toBe(0);
    release();
    await page.getByRole("heading", { name: "This server wants a key" }).waitFor();
    await page.context().close();
  });

  it("opens a file for whoever has no key, since no server is asked", async () => {
    const { page } = await place.open();
    await page.getByRole("heading", { name: "This server wants a key" }).waitFor();
    const path = join(place.folder, "sample.zip");
    await writeFile(path, await bundleBytes());
    await dropFiles(page, path);
    await page.getByRole("heading", { name: "From sample.zip" }).waitFor();
    await page.locator(".badge-completed").waitFor();
    await page.context().close();
  });
});
