import { createHash } from "node:crypto";
import { encodeJobEvent, foldProgress, initialProgress, type JobEvent } from "@cmo/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, campaignYaml, keep, openConsolePlace } from "./support/console-place.ts";
import { stateDigest } from "./support/state-digest.ts";

describe("A saved job", () => {
  let place: ConsolePlace;
  let events: JobEvent[];
  let file: string;
  beforeAll(async () => {
    place = await openConsolePlace();
    const { jobId } = await place.client.submit({ config: campaignYaml("saved") });
    events = [];
    for await (const event of place.client.watch(jobId)) events.push(event);
    file = await keep(
      place.folder,
      "events.ndjson",
      events.map((event) => `${encodeJobEvent(event)}\n`).join(""),
    );
  });
  afterAll(() => place.close());

  it("opens without a server, at every moment of it as it was", async () => {
    const { page, wrongs } = await place.open("#/open");
    await page.getByText("Choose a file").waitFor();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    // Its code is fetched by now; from here on the network is gone.
    await page.goto(`${place.url}/#/jobs/none/events`);
    await page.goto(`${place.url}/#/open`);
    await page.locator("input[type=file]").setInputFiles(file);
    await page.locator(".badge-completed").waitFor();
    const digest = page.locator("[data-fingerprint]");
    await expect.poll(() => digest.getAttribute("data-fingerprint")).toBe(stateDigest(events));

    for (const seq of [1, Math.floor(events.length / 3), events.length - 1]) {
      await page.locator(".scrubber input").fill(String(seq));
      const { percent, status } = foldProgress(initialProgress([]), events.slice(0, seq));
      await page.locator(`.badge-${status}`).waitFor();
      await expect.poll(() => page.locator(".whole .percent").textContent()).toBe(`${percent} %`);
      await expect
        .poll(() => digest.getAttribute("data-fingerprint"))
        .toBe(stateDigest(events.slice(0, seq)));
    }
    await page.getByRole("button", { name: "Back to the end" }).click();
    await page.locator(".badge-completed").waitFor();
    expect(asked.filter((path) => path.includes(events[0]?.jobId ?? "?"))).toEqual([]);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });

  it("is gone back and forth in with the keyboard alone, which never loses its place", async () => {
    const { page } = await place.open("#/open");
    await page.locator("input[type=file]").setInputFiles(file);
    await page.locator(".badge-completed").waitFor();
    const slider = page.getByLabel("Place in the log");
    const [back, on] = ["One event back", "One event on"].map((name) => page.getByRole("button", { name }));
    const isFocused = async () => slider.evaluate((input) => input === document.activeElement);
    const lineOf = async () => back?.evaluate((button) => getComputedStyle(button).borderTopColor);
    const [unseen, last] = [await lineOf(), String(events.length)];
    await slider.press("Home");
    await slider.press("ArrowRight");
    await back?.press("Enter");
    await expect.poll(() => slider.inputValue()).toBe("0");
    expect(await isFocused()).toBe(true);
    expect(await lineOf()).toBe(unseen);
    await slider.press("End");
    await slider.press("ArrowLeft");
    await on?.press("Enter");
    await expect.poll(() => slider.inputValue()).toBe(last);
    expect(await isFocused()).toBe(true);
    await slider.press("Home");
    await page.getByRole("button", { name: "Back to the end" }).press("Enter");
    await expect.poll(() => slider.inputValue()).toBe(last);
    expect(await isFocused()).toBe(true);
    await page.context().close();
  });

  it("is saved by the console as it was read", async () => {
    const { page } = await place.open(`#/jobs/${events[0]?.jobId}/events`);
    await page.locator(".badge-completed").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the log" }).click();
    const stream = await (await download).createReadStream();
    const hash = createHash("sha256");
    for await (const piece of stream) hash.update(piece as Buffer);
    const own = createHash("sha256").update(events.map((event) => `${encodeJobEvent(event)}\n`).join(""));
    expect(hash.digest("hex")).toBe(own.digest("hex"));
    await page.context().close();
  });

  it.each([
    ["nothing", "", "There is no event"],
    ["no JSON", "hello\n", "Line 1 is no event"],
    ["a summary", '{"jobId": "job_1"}\n', "Line 1 is no event"],
    ["a log with a gap", "GAP", "events 2 to 2 are missing"],
  ])("that is %s is refused with what is wrong", async (_what, text, told) => {
    const { page } = await place.open("#/open");
    const lines =
      text === "GAP"
        ? events
            .filter(({ seq }) => seq !== 2)
            .map(encodeJobEvent)
            .join("\n")
        : text;
    await page.locator("input[type=file]").setInputFiles(await keep(place.folder, "wrong.ndjson", lines));
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain(told);
    await page.context().close();
  });
});
