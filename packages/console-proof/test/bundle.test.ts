import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleVersion, openBundle } from "@cmo/bundle";
import { bundleBytes, sampleParts, sealedArchive } from "@cmo/bundle/testing";
import { encodeJobEvent, foldProgress, initialProgress, type JobEvent, type RunSummary } from "@cmo/engine";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ConsolePlace,
  campaignYaml,
  keep,
  type OpenedPage,
  openConsolePlace,
} from "./support/console-place.ts";
import { dropFiles } from "./support/drop-files.ts";
import { stateDigest } from "./support/state-digest.ts";

describe("A run bundle in the console", () => {
  let place: ConsolePlace;
  let jobId: string;
  const paths = { full: "", shared: "" };
  beforeAll(async () => {
    place = await openConsolePlace();
    jobId = (await place.client.submit({ config: campaignYaml("bundled") })).jobId;
    for await (const _event of place.client.watch(jobId));
    for (const kind of ["full", "shared"] as const) {
      paths[kind] = join(place.folder, `my ${kind} run.zip`);
      const full = kind === "full" ? ["--full"] : [];
      await place.run(["bundle", jobId, ...full, "--api-base", place.url, "--out", paths[kind]]);
    }
  });
  afterAll(() => place.close());

  const choose = (page: Page, path: string) => page.locator("input[type=file]").setInputFiles(path);

  it.each(["full", "shared"] as const)(
    "that is %s opens without a network, at every moment of it as it was, and with its results",
    async (kind) => {
      const { manifest, events, summary } = await contentOf(paths[kind]);
      const { page, wrongs } = await openFilePage(place);
      await page.context().setOffline(true);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await choose(page, paths[kind]);
      await page.getByRole("heading", { name: `From my ${kind} run.zip` }).waitFor();

      const head = page.getByRole("region", { name: "The bundle" });
      const told = await head.textContent();
      for (const text of [kind, manifest.jobId, "cmo 0.", `cmo replay 'my ${kind} run.zip'`]) {
        expect(told).toContain(text);
      }
      await head.getByText("every byte is as it was written").waitFor();

      const digest = page.locator("[data-fingerprint]");
      const shownDigest = () => digest.getAttribute("data-fingerprint");
      await expect.poll(shownDigest).toBe(stateDigest(events));
      for (const seq of [1, Math.floor(events.length / 3), events.length - 1]) {
        await page.locator(".scrubber input").fill(String(seq));
        const { percent, status } = foldProgress(initialProgress([]), events.slice(0, seq));
        await page.locator(`.badge-${status}`).waitFor();
        await expect.poll(() => page.locator(".whole .percent").textContent()).toBe(`${percent} %`);
        await expect.poll(shownDigest).toBe(stateDigest(events.slice(0, seq)));
      }

      // Who the best leads are was not known before the end.
      await page.getByRole("link", { name: "Results" }).click();
      await page.getByRole("region", { name: "Funnel" }).waitFor();
      expect(await page.getByRole("region", { name: "Best leads" }).count()).toBe(0);
      await page.getByRole("button", { name: "Back to the end" }).click();
      const best = page.getByRole("region", { name: "Best leads" });
      await best.waitFor();
      expect(summary.topProspects.length).toBeGreaterThan(0);
      for (const { login } of summary.topProspects) expect(await best.textContent()).toContain(login);
      // A pseudonym's address leads nowhere.
      expect(await best.locator("a").count()).toBe(kind === "full" ? summary.topProspects.length : 0);
      expect(await page.getByRole("link", { name: "Leads" }).count()).toBe(0);
      await page.getByRole("link", { name: "Events" }).click();
      await page.locator(".feed-line").first().waitFor();

      expect(asked.filter((path) => !path.startsWith("/api/") || path.includes("job_"))).toEqual([]);
      expect(wrongs).toEqual([]);
      await page.context().close();
    },
  );

  it.each([
    ["the list of jobs", "#/", "Jobs"],
    ["a campaign that is being written", "#/new", "New campaign"],
    ["a job", "JOB", "bundled"],
  ])("opens when it is dropped on %s", async (_where, address, heading) => {
    const { page, wrongs } = await place.open(address === "JOB" ? `#/jobs/${jobId}` : address);
    await page.getByRole("heading", { name: heading, exact: true }).waitFor();
    await dropFiles(page, paths.shared);
    await page.getByRole("heading", { name: "From my shared run.zip" }).waitFor();
    expect(page.url()).toMatch(/#\/open$/);
    expect(await page.locator(".drop-over").count()).toBe(0);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("is taken from the first moment that the console is seen, or the browser would show it itself", async () => {
    const { page } = await place.open();
    await page.addInitScript(() => {
      new MutationObserver((_changes, observer) => {
        if (document.querySelector("h1") === null) return;
        observer.disconnect();
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["PK"], "run.zip"));
        const over = new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer });
        document.body.dispatchEvent(over);
        Object.assign(globalThis, { isTaken: over.defaultPrevented });
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, "isTaken"))).toBe(true);
    await page.context().close();
  });

  it("opens, and a log does, when the server is gone for good, once the page of files was seen", async () => {
    const alone = await openConsolePlace();
    try {
      const { page } = await openFilePage(alone);
      await alone.kill();
      const { events } = await contentOf(paths.full);
      const lines = events.map((event) => `${encodeJobEvent(event)}\n`).join("");
      await dropFiles(page, await keep(place.folder, "events.ndjson", lines));
      await page.getByRole("heading", { name: "From events.ndjson" }).waitFor();
      await dropFiles(page, paths.full);
      await page.getByRole("heading", { name: "From my full run.zip" }).waitFor();
      await page.getByRole("link", { name: "Results" }).click();
      await page.getByRole("region", { name: "Best leads" }).waitFor();
      await page.context().close();
    } finally {
      await alone.close();
    }
  });

  it("is refused with what to do where it is damaged, and what is open stays", async () => {
    const whole = await readFile(paths.full);
    const changed = Buffer.from(whole);
    changed[Math.floor(whole.length / 2)] = (changed[Math.floor(whole.length / 2)] ?? 0) ^ 1;
    const log = await keep(place.folder, "broken.ndjson", "hello\n");
    const { page, wrongs } = await openFilePage(place);
    await choose(page, paths.shared);
    const heading = page.getByRole("heading", { name: "From my shared run.zip" });
    await heading.waitFor();
    for (const [name, bytes, told, hint] of [
      ["changed.zip", changed, "do not match the seal", "Get the file again"],
      ["cut.zip", whole.subarray(0, 9_000), "cut short", "Get the file again"],
      ["newer.zip", await newerBundle(), `of version ${bundleVersion + 1}`, "Use the cmo that wrote it"],
    ] as const) {
      const path = join(place.folder, name);
      await writeFile(path, bytes);
      await choose(page, path);
      const alert = page.getByRole("alert").filter({ hasText: name });
      await alert.getByText(told).waitFor();
      await alert.getByText(hint).waitFor();
    }
    await choose(page, log);
    await page.getByRole("alert").filter({ hasText: "broken.ndjson" }).getByText("Open a bundle").waitFor();
    await heading.waitFor();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("is asked for where a folder or several files were dropped", async () => {
    const { page, wrongs } = await openFilePage(place);
    await dropFiles(page, place.folder);
    await page.getByRole("alert").getByText("is a folder").waitFor();
    await dropFiles(page, paths.full, paths.shared);
    await page.getByRole("alert").getByText("2 files were dropped").waitFor();
    await dropFiles(page, paths.full);
    await page.getByRole("heading", { name: "From my full run.zip" }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("is told not to be checked in a page whose browser has no digests", async () => {
    const { page } = await openFilePage(place);
    await page.addInitScript(() => {
      Object.defineProperty(Crypto.prototype, "subtle", { value: undefined });
    });
    await page.reload();
    await choose(page, paths.full);
    await page.getByText("Its digests were not checked").waitFor();
    await page.getByText("cmo verify 'my full run.zip'").waitFor();
    await page.locator(".badge-completed").waitFor();
    await page.context().close();
  });

  it("runs nothing of what somebody wrote into it", async () => {
    const html = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=2</script>';
    const parts = sampleParts();
    const prospect = {
      rank: 1,
      login: html,
      name: html,
      score: 1,
      contactable: true,
      company: html,
      location: html,
      repository: html,
      profileUrl: "javascript:globalThis.pwned=3",
      why: [html],
    };
    const hostile = sampleParts({
      facts: {
        ...parts.facts,
        createdAt: html.slice(0, 90),
        writer: { cmo: html.slice(0, 99), node: html.slice(0, 99) },
      },
      summary: { ...parts.summary, goal: html, topProspects: [prospect] },
    });
    const path = join(place.folder, "<img src=x onerror=pwned=4>.zip");
    await writeFile(path, await bundleBytes(hostile));
    const { page, wrongs } = await openFilePage(place);
    await choose(page, path);
    await page.getByText("every byte is as it was written").waitFor();
    await page.getByRole("link", { name: "Results" }).click();
    const best = page.getByRole("region", { name: "Best leads" });
    await best.waitFor();
    expect(await best.locator("strong").textContent()).toBe(html);
    expect(await page.locator("main img, main script, main a[href^='javascript']").count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(globalThis, "pwned"))).toBeUndefined();
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});

/** What a bundle holds, as the command line reads it. */
async function contentOf(path: string) {
  const bundle = await openBundle(path);
  try {
    const events: JobEvent[] = [];
    for await (const event of bundle.events()) events.push(event);
    return { manifest: bundle.manifest, events, summary: (await bundle.summary()) as RunSummary };
  } finally {
    await bundle.close();
  }
}

/** A bundle as a later cmo may write it. */
function newerBundle(): Promise<Buffer> {
  const manifest = Buffer.from(JSON.stringify({ format: "cmo-run-bundle", version: bundleVersion + 1 }));
  return sealedArchive([["manifest.json", manifest]]);
}

/** The page of files, when it needs its server no more. */
async function openFilePage(place: ConsolePlace): Promise<OpenedPage> {
  const opened = await place.open("#/open");
  await opened.page.getByText("Choose a file").waitFor();
  const part = () =>
    opened.page.evaluate(
      () =>
        performance.getEntriesByType("resource").find(({ name }) => name.includes("results-tab"))?.name ?? "",
    );
  await expect.poll(part).not.toBe("");
  // One file that has come says nothing of those that it takes along: it is there when it was run.
  await opened.page.evaluate(`import(${JSON.stringify(await part())}).then(() => {})`);
  return opened;
}
