import type { JSX } from "preact";
import { ConnectionBadge } from "../connection/connection-badge.tsx";
import icon from "../icon.svg";
import type { Route } from "../route/route.ts";
import { themes } from "../session/preferences.ts";
import { useConsole } from "./console-context.ts";

const places = [
  { page: "jobs", address: "#/", text: "Jobs" },
  { page: "new", address: "#/new", text: "New campaign" },
  { page: "open", address: "#/open", text: "Open a file" },
  { page: "people", address: "#/people", text: "People" },
] as const satisfies readonly { page: Route["page"]; address: string; text: string }[];

const themeTexts = { system: "System", light: "Light", dark: "Dark" } as const;

/** The head of every page: where one is, how the connection stands, the key, light or dark. */
export function Header(): JSX.Element {
  const { route, jobs, access, preferences } = useConsole();
  const { page } = route.value;
  return (
    <header class="head">
      <a class="brand" href="#/">
        <img src={icon} alt="" width="28" height="28" />
        cmo
      </a>
      <nav aria-label="Pages">
        <ul>
          {places.map((place) => (
            <li key={place.page}>
              <a
                href={place.address}
                {...(isAt(page, place.page) ? { "aria-current": "page" as const } : {})}
              >
                {place.text}
              </a>
            </li>
          ))}
          <li>
            <a href="./docs">API</a>
          </li>
        </ul>
      </nav>
      <div class="head-side">
        <ConnectionBadge connection={jobs.connection.value} />
        {access.key.value === null ? null : (
          <button type="button" class="quiet" onClick={access.forget}>
            Forget key
          </button>
        )}
        <label class="theme">
          <span class="unseen">Colours</span>
          <select
            value={preferences.theme.value}
            onChange={({ currentTarget }) => {
              preferences.theme.value = themes.find((theme) => theme === currentTarget.value) ?? "system";
            }}
          >
            {themes.map((theme) => (
              <option key={theme} value={theme}>
                {themeTexts[theme]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </header>
  );
}

function isAt(page: Route["page"], place: Route["page"]): boolean {
  return page === place || ((page === "job" || page === "diff") && place === "jobs");
}
