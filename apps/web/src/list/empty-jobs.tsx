import type { JSX } from "preact";

/** What is shown to who has no job yet. */
export function EmptyJobs(): JSX.Element {
  return (
    <div class="welcome">
      <h2>Nothing has been asked for yet</h2>
      <p>
        A campaign finds GitHub repositories that match, the people who keep them alive, and whether they may
        be contacted. The first one can be against a simulated GitHub: no token, nobody real, done in a
        minute.
      </p>
      <p class="actions">
        <a class="button primary" href="#/new">
          Start a campaign
        </a>
        <a class="button" href="#/open">
          Open a saved one
        </a>
      </p>
    </div>
  );
}
