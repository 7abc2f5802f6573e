// What a person waits for in the console: the built server in a process of its own, and a real Chromium, measured in
// the page. Absolute times, because a person's patience is; the machine is said by what it takes for the same without
// the console. Build first.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openBrowser } from "@cmo/browser";
import { heard, startCmo } from "@cmo/command";
import { openFilled } from "./support/fill.mjs";

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-console-"));
  const file = join(folder, "cmo.db");
  const store = await openFilled(file);
  const jobs = await fill(store);
  const server = await startServer(folder, file);
  const browser = await openBrowser();
  try {
    const open = async (address = "") => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(`${server.url}/${address}`, { waitUntil: "commit" });
      return page;
    };
    return [
      await firstPage(open),
      await firstPaint(open, "a job with 10,000 events", `#/jobs/${jobs.small}`, "10,003"),
      await firstLeads(open, jobs.leads),
      await frames(open, store, jobs.live),
      await scrubbing(open, jobs.large),
    ];
  } finally {
    await browser.close();
    await server.stop();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(store) {
  const filled = async (name, events) => {
    const id = await store.job(name);
    for (let from = 0; from < events; from += 5_000)
      await store.append(id, from, Math.min(5_000, events - from));
    return id;
  };
  const small = await filled("small", 10_000);
  const large = await filled("large", 100_000);
  const leads = await filled("leads", 10);
  for (let from = 1; from <= 100_000; from += 5_000) await store.leads(leads, from, 5_000);
  for (const id of [small, large, leads]) await store.end(id);
  return { small, large, leads, live: await filled("live", 100) };
}

/** Everything that the first page fetches of scripts, as it travels. */
async function firstPage(open) {
  const page = await open();
  await page.locator(".job-link").first().waitFor();
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith(".js"))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  await page.close();
  return { name: "console: JavaScript of the first page, gzip bytes", value: bytes, limit: 60 * 1024 };
}

async function firstPaint(open, what, address, count) {
  return times(`console: until ${what} is shown whole, ms`, async () => {
    const page = await open(address);
    await page.waitForFunction(
      (wanted) => document.querySelector(".scrubber-text")?.textContent?.includes(wanted),
      count,
    );
    return page;
  });
}

async function firstLeads(open, jobId) {
  return times("console: until 100,000 leads are shown, ms", async () => {
    const page = await open(`#/jobs/${jobId}/leads`);
    await page.waitForFunction(() => document.querySelector(".lead-list .lead-open") !== null);
    return page;
  });
}

/** From the navigation to the frame after what was waited for, by the page's own clock. */
async function times(name, show) {
  const found = [];
  for (let round = -1; round < 5; round += 1) {
    const page = await show();
    const ms = await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now()))),
    );
    if (round >= 0) found.push(ms);
    await page.close();
  }
  const sorted = found.toSorted((left, right) => left - right);
  return {
    name,
    value: sorted[2],
    limit: 1_000,
    detail: `median of 5 new pages, greatest ${sorted[4].toFixed(0)}`,
  };
}

/** A thousand events a second for some seconds, while the page counts its frames. */
async function frames(open, store, jobId) {
  const page = await open(`#/jobs/${jobId}`);
  await page.locator(".job-title .connection-live").waitFor();
  let from = 100;
  let isDone = false;
  const writing = (async () => {
    const startedAt = performance.now();
    while (!isDone) {
      const due = 100 + Math.floor(performance.now() - startedAt);
      if (due > from) await store.append(jobId, from, due - from);
      from = Math.max(from, due);
      await wait(20);
    }
  })();
  await wait(1_000);
  const perSecond = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const startedAt = performance.now();
        let count = 0;
        const next = (at) => {
          count += 1;
          if (at - startedAt > 5_000) resolve((count * 1_000) / (at - startedAt));
          else requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
  );
  isDone = true;
  await writing;
  await page.waitForFunction(
    (count) => document.querySelector(".scrubber input")?.max === String(count),
    from + 2,
  );
  await page.close();
  return {
    name: "console: frames a second while 1,000 events a second come",
    value: perSecond,
    limit: 50,
    ok: perSecond >= 50,
    detail: `at least; over 5 s, ${from} events in all, all of them shown`,
  };
}

/** From the move of the scrubber to the frame that shows it. */
async function scrubbing(open, jobId) {
  const page = await open(`#/jobs/${jobId}`);
  await page.waitForFunction(() =>
    document.querySelector(".scrubber-text")?.textContent?.includes("100,003"),
  );
  const found = await page.evaluate(async () => {
    const range = document.querySelector(".scrubber input");
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    const all = [];
    let seed = 7;
    for (let move = 0; move < 200; move += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      const startedAt = performance.now();
      set.call(range, String(1 + (seed % 100_000)));
      range.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      all.push(performance.now() - startedAt);
    }
    return all.sort((left, right) => left - right);
  });
  await page.close();
  return {
    name: "console: from a move of the scrubber over 100,000 events to its frame, p99 in ms",
    value: found[197],
    limit: 50,
    detail: `p50 ${found[100].toFixed(1)}, greatest ${found[199].toFixed(1)}; a frame is 16.7`,
  };
}

async function startServer(cwd, file) {
  const running = startCmo(["serve", "--port", "0", "--store", file, "--no-worker"], cwd);
  const url = await heard(running, /(http:\/\/127\.0\.0\.1:\d+)/);
  return {
    url,
    async stop() {
      running.child.kill("SIGKILL");
      await running.ended;
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const row of await run()) console.log(JSON.stringify(row));
