import { listenGitHubSimulator } from "../server/listen.ts";
import { createGitHubSimulator } from "../simulator/create-simulator.ts";
import { COMMAND_HELP, parseCommand } from "./command-options.ts";

/** What the command needs of its process. */
export interface CommandHost {
  out(text: string): void;
  error(text: string): void;
  /** Aborts when the process is asked to end. */
  signal: AbortSignal;
}

/** Runs the command until the signal aborts. Resolves to the exit code: 0 ended, 1 could not listen, 2 usage. */
export async function runCommand(args: readonly string[], host: CommandHost): Promise<0 | 1 | 2> {
  const command = parseCommand(args);
  switch (command.kind) {
    case "help":
      host.out(COMMAND_HELP);
      return 0;
    case "problems":
      for (const problem of command.problems) host.error(`${problem}\n`);
      host.error("Try cmo-github-simulator --help.\n");
      return 2;
    case "run":
      break;
    default:
      throw command satisfies never;
  }
  const { port, asOf, ...options } = command.options;
  const simulator = createGitHubSimulator({ ...options, asOf: asOf ?? today() });
  try {
    const listening = await listenGitHubSimulator(simulator, { port });
    host.out(
      `Simulating ${options.repositories} repositories at ${listening.url}\n\n` +
        `  export GITHUB_API_URL=${listening.url}\n  export GITHUB_TOKEN=simulated\n\nCtrl-C ends it.\n`,
    );
    await aborted(host.signal);
    await listening.close();
    const { requests, points, requestsWhileLimited } = simulator.stats();
    host.out(`${requests} requests, ${points} points, ${requestsWhileLimited} sent while limited.\n`);
    return 0;
  } catch (error) {
    host.error(`Cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** Campaigns look back from their own day, so a world that is served lies before this one. */
function today(): string {
  return `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
