import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser } from "@cmo/browser";
import { type Client, createClient } from "@cmo/client";
import { heard, type RunningCmo, startCmo } from "@cmo/command";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A server as a person starts it, and a browser in front of it. */
export interface ConsolePlace {
  readonly folder: string;
  readonly url: string;
  readonly client: Client;
  /** A page of the console, and what it has done that it should not. */
  open(address?: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  /** Ends the server without a word, as a machine that loses its power. */
  kill(): Promise<void>;
  /** Starts it again, on the same port. */
  startAgain(): Promise<void>;
  /** Runs a command of `cmo` beside the server; gives what it wrote. @throws Error when it does not end with 0. */
  run(args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** A page with a watch over it. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors of scripts, of the console, and of the page's policy. */
  readonly wrongs: readonly string[];
  /** Requests that went to another server than its own. */
  readonly outside: readonly string[];
}

/** What is different from a server that has no keys and an empty store. */
export interface ConsolePlaceOptions {
  /** Fills the store's file before the server opens it. */
  fill?(file: string): Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
  readonly apiKey?: string;
}

/** Opens a {@link ConsolePlace}. */
export async function openConsolePlace(options: ConsolePlaceOptions = {}): Promise<ConsolePlace> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-console-"));
  const store = join(folder, "cmo.db");
  await options.fill?.(store);
  const browser: Browser = await openBrowser();
  let server = await start("0");
  const url = await heard(server, /(http:\/\/127\.0\.0\.1:\d+)/);
  const client = createClient({
    baseUrl: url,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  });

  async function start(port: string): Promise<RunningCmo> {
    // A short lease, so that a job of a server that was killed goes on soon.
    const env = { CMO_LEASE_MS: "1500", ...options.env };
    const started = startCmo(["serve", "--port", port, "--store", store], folder, env);
    await heard(started, /http:\/\/127\.0\.0\.1:\d+/);
    return started;
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    server.child.kill(signal);
    await server.ended;
  }

  return {
    folder,
    url,
    client,
    async open(address = "", more = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        locale: "en-GB",
        ...more,
      });
      // Its usual is half a minute, which is little on a machine that does other things too.
      context.setDefaultTimeout(100_000);
      const page = await context.newPage();
      const wrongs: string[] = [];
      const outside: string[] = [];
      page.on("pageerror", ({ message }) => wrongs.push(message));
      page.on("console", (message) => {
        // A server that is away, and a key that is wrong, are told by the browser as errors of loading.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
          wrongs.push(message.text());
        }
      });
      page.on("request", (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith("blob:")) outside.push(request.url());
      });
      await page.goto(`${url}/${address}`);
      return { page, wrongs, outside };
    },
    kill: () => end("SIGKILL"),
    async startAgain() {
      server = await start(new URL(url).port);
    },
    async run(args) {
      const { ended, said } = startCmo(args, folder, { CI: "true" });
      const code = await ended;
      if (code !== 0) throw new Error(`cmo ${args.join(" ")} ended with ${code}: ${said()}`);
      return said();
    },
    async close() {
      await browser.close();
      await end("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A campaign that takes a while, as YAML. */
export function campaignYaml(
  name: string,
  {
    latencyMs = 0,
    faults = "",
    target = 40,
    seed = 7,
  }: { latencyMs?: number; faults?: string; target?: number; seed?: number } = {},
): string {
  return `name: ${name}
params: { language: Go, stars_range: ">=10", activity_days: 365, target_leads: ${target} }
source: { type: simulator, seed: ${seed}, repositories: 1000, latency_ms: ${latencyMs}, concurrency: 1${faults} }
retries: { max_attempts: 1 }
`;
}

/** Keeps a text as a file in a folder; gives its path. */
export async function keep(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
