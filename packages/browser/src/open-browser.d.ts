import type { Browser } from "playwright-core";

/**
 * A real browser: `CHROMIUM_PATH`, an installed Chromium or Chrome, or the one that is among the dependencies. Fails
 * with what to install where there is none.
 */
export function openBrowser(): Promise<Browser>;
