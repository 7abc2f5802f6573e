import { createClient } from "@cmo/client";
import { computed, signal } from "@preact/signals";
import { createJobList } from "../list/job-list.ts";
import { readRoute } from "../route/route.ts";
import { createSavedPlace } from "../saved/saved-place.ts";
import { createAccess } from "../session/access.ts";
import { createPreferences } from "../session/preferences.ts";
import type { ConsoleParts } from "./console-context.ts";

/** The console of a page. Its API is where the page came from, also behind a prefix. */
export function createConsole(page: Window): ConsoleParts {
  const baseUrl = new URL(".", page.document.baseURI).href;
  const access = createAccess(page.sessionStorage);
  const preferences = createPreferences(page);
  const client = computed(() => {
    const apiKey = access.key.value;
    return createClient({ baseUrl, ...(apiKey === null ? {} : { apiKey }) });
  });
  const route = signal(readRoute(page.location.hash));
  page.addEventListener("hashchange", () => {
    route.value = readRoute(page.location.hash);
  });
  const now = signal(Date.now());
  page.setInterval(() => {
    now.value = Date.now();
  }, 1_000);
  function go(address: string): void {
    page.location.hash = address;
  }
  return {
    client,
    access,
    preferences,
    jobs: createJobList(client, access),
    route,
    now,
    saved: createSavedPlace(go),
    go,
  };
}
