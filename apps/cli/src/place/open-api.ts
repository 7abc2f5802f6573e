import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Client, type Connection, createClient } from "@cmo/client";
import { CmoError } from "@cmo/engine";
import type { Host } from "@cmo/runtime";
import { version } from "../../package.json";
import type { Campaigns, Outage } from "./campaigns.ts";
import { apiCommand } from "./place-command.ts";
import type { PlaceOptions } from "./place-options.ts";

/** Campaigns behind an API, with its client. */
export interface ApiCampaigns extends Campaigns {
  readonly client: Client;
}

/** What is needed to ask an API. */
export interface OpenApiOptions {
  readonly options: PlaceOptions;
  readonly host: Host;
  readonly baseUrl: string;
}

/**
 * The campaigns behind an API; nothing is asked yet. @throws CmoError `usage` for an address or a key that is none, and
 * for a file with a key that cannot be read.
 */
export async function openApi({ options, host, baseUrl }: OpenApiOptions): Promise<ApiCampaigns> {
  const client = createClient({
    baseUrl,
    apiKey: await readApiKey(options, host),
    fetch: hostFetch(host),
    clock: host.clock,
    random: host.random,
    userAgent: `cmo/${version}`,
  });
  const name = baseUrl.replace(/\/+$/, "");
  return {
    client,
    service: client,
    place: { type: "api", name, command: apiCommand(options, host.env, baseUrl) },
    follow: (jobId, { onOutage, ...query }) =>
      client.watch(jobId, {
        ...query,
        onConnection(connection) {
          const outage = outageOf(connection, host.clock.now());
          if (outage !== undefined) onOutage?.(outage);
        },
      }),
  };
}

function outageOf(
  { state, error, retryInMs, downForMs }: Connection,
  now: number,
): Outage | null | undefined {
  switch (state) {
    case "waiting":
      return { since: now - downForMs, nextTryAt: now + (retryInMs ?? 0), reason: error?.message ?? "" };
    case "live":
      return null;
    case "connecting":
    case "ended":
      return undefined;
    default:
      return state satisfies never;
  }
}

async function readApiKey({ apiKeyFile }: PlaceOptions, { env, cwd }: Host): Promise<string | undefined> {
  if (apiKeyFile === undefined) return env.CMO_API_KEY;
  const text = await readFile(resolve(cwd, apiKeyFile), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new CmoError(
      "usage",
      `--api-key-file: ${apiKeyFile} cannot be read (${error.code ?? error.message}).`,
      {
        hint: "Name a file that holds a key, as cmo keys create prints it, and nothing else.",
        cause: error,
      },
    );
  });
  const key = text.trim();
  if (/^\S+$/.test(key)) return key;
  throw new CmoError("usage", `--api-key-file: ${apiKeyFile} does not hold one key, and nothing else.`);
}

/** Proxies and their exceptions are the host's business; what it is asked with is what its own type names. */
function hostFetch(host: Host) {
  return (url: string, { method, headers, body, signal }: RequestInit): Promise<Response> =>
    host.fetch(url, {
      method: method === "POST" || method === "DELETE" ? method : "GET",
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === "string" ? { body } : {}),
      redirect: "manual",
      signal: signal ?? new AbortController().signal,
    });
}
