/** The tabs of a job. */
export const jobTabs = ["overview", "results", "leads", "events"] as const;

/** One of {@link jobTabs}. */
export type JobTab = (typeof jobTabs)[number];

/** What the page's address asks for. It stands after `#`, so that one file is served for all, behind any prefix. */
export type Route =
  | { readonly page: "jobs" }
  | { readonly page: "new" }
  | { readonly page: "job"; readonly jobId: string; readonly tab: JobTab }
  /** Two jobs compared; null for one that is still to be chosen. */
  | { readonly page: "diff"; readonly a: string | null; readonly b: string | null }
  | { readonly page: "open"; readonly tab: JobTab }
  | { readonly page: "people"; readonly person: string | null }
  | { readonly page: "unknown" };

/** The route of an address such as `#/jobs/job_1/leads`. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first, second, third, ...more] = path.split("/").filter((part) => part !== "");
  if (more.length > 0) return { page: "unknown" };
  switch (first) {
    case undefined:
      return { page: "jobs" };
    case "jobs": {
      if (second === undefined) return { page: "jobs" };
      const tab = readTab(third);
      return tab === null ? { page: "unknown" } : { page: "job", jobId: decoded(second), tab };
    }
    case "open": {
      const tab = readTab(second);
      return tab === null ? { page: "unknown" } : { page: "open", tab };
    }
    case "diff":
      return {
        page: "diff",
        a: second === undefined ? null : decoded(second),
        b: third === undefined ? null : decoded(third),
      };
    case "new":
      return { page: "new" };
    case "people":
      return { page: "people", person: new URLSearchParams(query).get("person") };
    default:
      return { page: "unknown" };
  }
}

/** The address of a job's page. */
export function jobAddress(jobId: string, tab: JobTab = "overview"): string {
  const job = `#/jobs/${encodeURIComponent(jobId)}`;
  return tab === "overview" ? job : `${job}/${tab}`;
}

/** The address of what differs between two jobs; of the page to choose them, where one or both are left out. */
export function diffAddress(...jobIds: readonly [] | readonly [string] | readonly [string, string]): string {
  return ["#/diff", ...jobIds.map(encodeURIComponent)].join("/");
}

/** The address of the page of a job from a file. */
export function savedAddress(tab: JobTab = "overview"): string {
  return tab === "overview" ? "#/open" : `#/open/${tab}`;
}

function readTab(text: string | undefined): JobTab | null {
  return text === undefined ? "overview" : (jobTabs.find((tab) => tab === text) ?? null);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
