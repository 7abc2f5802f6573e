import { openBrowser } from "@cmo/browser";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  append,
  drafts,
  finish,
  openStreamServer,
  putJob,
  type StreamServer,
} from "./support/stream-server.ts";

interface PageReading {
  readonly messages: { readonly lastEventId: string; readonly data: string }[];
  readonly states: string[];
}

let browser: Browser;
let server: StreamServer | undefined;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());
afterEach(() => server?.close());

async function open() {
  const requests: { readonly lastEventId: string | undefined; status: number }[] = [];
  server = await openStreamServer({
    prepare(app) {
      app.get("/page", (context) => context.html("<!doctype html><title>A page</title>"));
      app.use("/api/jobs/:id/events", async (context, next) => {
        const request = { lastEventId: context.req.header("Last-Event-ID"), status: 0 };
        requests.push(request);
        await next();
        request.status = context.res.status;
      });
    },
  });
  await putJob(server.store, "job_a");
  const listening = await server.listen();
  const page = await browser.newPage();
  await page.goto(`${listening.url}/page`);
  await page.evaluate(() => {
    const reading: PageReading = { messages: [], states: [] };
    Object.assign(globalThis, { reading });
    const source = new EventSource("/api/jobs/job_a/events");
    source.onopen = () => reading.states.push("open");
    source.onerror = () =>
      reading.states.push(source.readyState === EventSource.CLOSED ? "closed" : "waiting");
    source.onmessage = ({ lastEventId, data }) => reading.messages.push({ lastEventId, data });
  });
  return { ...server, server: listening.server, page, requests };
}

const readingOf = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { reading: PageReading }).reading);

async function until(page: Page, holds: (reading: PageReading) => boolean): Promise<PageReading> {
  let reading = await readingOf(page);
  await expect
    .poll(async () => {
      reading = await readingOf(page);
      return holds(reading);
    })
    .toBe(true);
  return reading;
}

describe("A browser's EventSource", () => {
  it("reads a stream to its end, comes back once, is told that there is no more, and stays away", async () => {
    const { store, page, requests } = await open();
    await until(page, ({ messages }) => messages.length === 1);
    await append(store, "job_a", drafts(20));
    await finish(store, "job_a");
    const reading = await until(page, ({ states }) => states.includes("closed"));
    const log = await store.readEvents("job_a", 0, 100);
    expect(reading.messages.map(({ data }) => JSON.parse(data))).toEqual(log);
    expect(reading.messages.map(({ lastEventId }) => Number(lastEventId))).toEqual(log.map(({ seq }) => seq));
    expect(reading.states).toEqual(["open", "waiting", "closed"]);
    // Longer than it was told to wait before it comes back.
    await page.waitForTimeout(3_000);
    expect(requests).toEqual([
      { lastEventId: undefined, status: 200 },
      { lastEventId: "22", status: 204 },
    ]);
    await page.close();
  });

  it("goes on where it was when its connection was cut", async () => {
    const { store, page, requests, server } = await open();
    await append(store, "job_a", drafts(5));
    await until(page, ({ messages }) => messages.length === 6);
    server.closeAllConnections();
    await append(store, "job_a", drafts(5));
    await until(page, ({ messages }) => messages.length === 11);
    await finish(store, "job_a");
    const reading = await until(page, ({ states }) => states.includes("closed"));
    expect(reading.messages.map(({ data }) => JSON.parse(data))).toEqual(
      await store.readEvents("job_a", 0, 100),
    );
    expect(requests.map(({ lastEventId }) => lastEventId)).toEqual([undefined, "6", "12"]);
    await page.close();
  });
});
