import { type CampaignPlace, type CampaignPlaceOptions, openCampaignPlace } from "./campaign-place.ts";
import { portToKeep } from "./ports.ts";
import type { CmoResult, RunningCmo } from "./run-cmo.ts";

/** A {@link CampaignPlace} whose store is served by a process of its own: `cmo serve`, as a person starts it. */
export interface ServedPlace {
  readonly place: CampaignPlace;
  /** The server's address. It stays the same when the server is started again. */
  readonly url: string;
  /** The process that serves now. */
  server(): RunningCmo;
  /** Ends it without a word, as a machine that loses its power. */
  kill(): Promise<void>;
  /** Starts it again, on the same port; resolves when it listens. */
  startAgain(): Promise<void>;
  /** Runs a command that asks the server. */
  ask(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CmoResult>;
  /** Starts a command that asks the server. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningCmo;
  close(): Promise<void>;
}

/** What is different from a server that works on its jobs and has no keys. */
export interface ServedPlaceOptions extends CampaignPlaceOptions {
  /** More flags of `cmo serve`. */
  serve?: readonly string[];
}

/** Opens a {@link ServedPlace}. */
export async function openServedPlace({
  serve = [],
  ...options
}: ServedPlaceOptions = {}): Promise<ServedPlace> {
  const place = await openCampaignPlace(options);
  let { server, url } = await startServer(place, await portToKeep(), serve).catch(async (error) => {
    await place.close();
    throw error;
  });
  const kill = async () => {
    server.child.kill("SIGKILL");
    await server.ended;
  };
  const through = (args: readonly string[]) => [...args, "--api-base", url];
  return {
    place,
    get url() {
      return url;
    },
    server: () => server,
    kill,
    async startAgain() {
      ({ server, url } = await startServer(place, new URL(url).port, serve));
    },
    ask: (args, env) => place.run(through(args), env),
    start: (args, env) => place.start(through(args), env),
    async close() {
      place.release();
      await kill();
      await place.close();
    },
  };
}

/** Starts `cmo serve`; resolves with its address when it listens. */
export async function startServer(
  place: Pick<CampaignPlace, "start">,
  port: string,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ server: RunningCmo; url: string }> {
  const server = place.start(["serve", "--port", port, ...flags], env);
  const url = await server.said(/^http:\/\/\S+$/m);
  return { server, url };
}
