import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { onDemand } from "../frame/on-demand.tsx";
import { JobsPage } from "../list/jobs-page.tsx";
import type { Route } from "../route/route.ts";
import { DropTarget } from "../saved/drop-target.tsx";
import { KeyPanel } from "../session/key-panel.tsx";
import { useConsole } from "./console-context.ts";
import { Header } from "./header.tsx";
import { useShortcuts } from "./use-shortcuts.tsx";

const JobPage = onDemand(async () => (await import("../job/job-page.tsx")).JobPage);
const NewCampaignPage = onDemand(
  async () => (await import("../campaign/new-campaign-page.tsx")).NewCampaignPage,
);
const DiffPage = onDemand(async () => (await import("../diff/diff-page.tsx")).DiffPage);
const OpenFilePage = onDemand(async () => (await import("../saved/file-part.ts")).OpenFilePage);
const PeoplePage = onDemand(async () => (await import("../people/people-page.tsx")).PeoplePage);

/** The whole console: its head, and the page that the address asks for. */
export function App(): JSX.Element {
  const { route, access } = useConsole();
  const shown = route.value;
  const help = useShortcuts();
  useEffect(() => {
    document.title = titleOf(shown);
  }, [shown]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the content
      </button>
      <Header />
      <main id="main" tabIndex={-1}>
        {access.refusal.value === null || shown.page === "open" ? (
          <Page route={shown} />
        ) : (
          <KeyPanel refusal={access.refusal.value} />
        )}
      </main>
      {help}
      <DropTarget />
    </>
  );
}

function Page({ route }: { readonly route: Route }): JSX.Element {
  switch (route.page) {
    case "jobs":
      return <JobsPage />;
    case "new":
      return <NewCampaignPage />;
    case "job":
      return <JobPage key={route.jobId} jobId={route.jobId} tab={route.tab} />;
    case "diff":
      return <DiffPage a={route.a} b={route.b} />;
    case "open":
      return <OpenFilePage tab={route.tab} />;
    case "people":
      return <PeoplePage key={route.person ?? ""} person={route.person} />;
    case "unknown":
      return (
        <div class="page">
          <h1>There is no such page</h1>
          <p>
            <a href="#/">All jobs</a>
          </p>
        </div>
      );
    default:
      return route satisfies never;
  }
}

function titleOf(route: Route): string {
  const titles = {
    jobs: "Jobs",
    new: "New campaign",
    diff: "What differs",
    open: "Open a file",
    people: "People",
    unknown: "cmo",
  };
  return route.page === "job" ? `${route.jobId} – cmo` : `${titles[route.page]} – cmo`;
}
