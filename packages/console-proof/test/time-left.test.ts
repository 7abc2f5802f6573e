import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsolePlace, campaignYaml, openConsolePlace } from "./support/console-place.ts";

describe("The time left in the console", () => {
  let place: ConsolePlace;
  beforeAll(async () => {
    place = await openConsolePlace();
  });
  afterAll(() => place.close());

  async function submit(name: string, seed: number, latencyMs: number): Promise<string> {
    return (await place.client.submit({ config: campaignYaml(name, { latencyMs, seed }) })).jobId;
  }

  it("is unknown for the first run of its kind, and then what the server says, with its band", async () => {
    const { page, wrongs } = await place.open();
    const text = page.locator(".time-left strong");
    // The server works on one job at a time: this one begins when the page looks at it, however slow that is.
    const before = await submit("before", 20, 3_000);
    const first = await submit("first", 21, 60);
    await page.goto(`${place.url}/#/jobs/${first}`);
    await page.getByText("Waiting for a worker").waitFor();
    await place.client.cancel(before);
    await expect.poll(() => text.textContent()).toBe("time left unknown: first run of its kind");
    await page.locator(".badge-completed").waitFor();
    expect(await text.count()).toBe(0);

    const second = await submit("second", 22, 1_500);
    await page.goto(`${place.url}/#/jobs/${second}`);
    await expect.poll(() => text.textContent()).toMatch(/^(about|less than) .+ left/);
    expect(await page.locator(".time-left span").textContent()).toMatch(
      /ends at .+ % of its time is over · learnt from one earlier run$/,
    );
    const { estimate } = await place.client.job(second);
    expect(estimate).toMatchObject({ state: "estimated", basis: { runs: 1 } });
    await place.client.cancel(second);
    await page.locator(".badge-cancelled").waitFor();
    expect(await text.count()).toBe(0);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
});
