import type { Page, Request } from "playwright-core";

/** Keeps those requests of a page back that are asked for like this and meant; gives what lets them all go on. */
export async function holdRequests(
  page: Page,
  asked: string,
  isMeant: (request: Request) => boolean = () => true,
): Promise<() => void> {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(asked, async (route) => {
    if (isMeant(route.request())) await held;
    await route.continue();
  });
  return release;
}
