import type { Page } from "playwright-core";

/** Drops files or folders of the disk on the middle of a page, as a person does. */
export async function dropFiles(page: Page, ...paths: readonly string[]): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 900 };
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await browser.send("Input.dispatchDragEvent", { type, x: width / 2, y: height / 2, data });
  }
  await browser.detach();
}
