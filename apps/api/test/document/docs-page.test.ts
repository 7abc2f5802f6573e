import { openBrowser } from "@cmo/browser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ListeningApp, listen } from "../../src/index.ts";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";

describe("/docs", () => {
  let place: ApiPlace;
  let listening: ListeningApp;
  beforeAll(async () => {
    place = await openApiPlace({ location: "memory" });
    listening = await listen(place.app);
  });
  afterAll(async () => {
    await listening.close();
    await place.close();
  });

  it("is read in a browser that runs no script, asks for nothing else and has nothing refused", async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 900 },
        javaScriptEnabled: false,
      });
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(`${listening.url}/`);
      expect(page.url()).toBe(`${listening.url}/docs`);
      expect(asked).toEqual([`${listening.url}/`, `${listening.url}/docs`]);
      expect(complaints).toEqual([]);
      // The style sheet came through the policy: without it, the page is one column.
      const [nav, main] = await Promise.all([
        page.locator("nav").boundingBox(),
        page.locator("main").boundingBox(),
      ]);
      expect(main?.x).toBeGreaterThanOrEqual((nav?.x ?? 0) + (nav?.width ?? 0) - 1);
    } finally {
      await browser.close();
    }
  });

  it("shows every route with its parameters, bodies, answers and a line for a shell", async () => {
    const html = await (await place.app.request("/docs")).text();
    const document = (await (await place.app.request("/openapi.json")).json()) as {
      paths: Record<string, Record<string, { operationId: string; parameters?: { name: string }[] }>>;
    };
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { operationId, parameters = [] }] of Object.entries(item)) {
        const section = new RegExp(`<section id="${operationId}">.*?</section>`, "s").exec(html)?.[0] ?? "";
        expect(section, `${method} ${path}`).toContain(`<code>${path}</code>`);
        expect(section).toContain("<code>curl ");
        for (const { name } of parameters) expect(section).toContain(`<code>${name}</code>`);
      }
    }
    expect(html).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)|undefined|\[object/);
  });
});
