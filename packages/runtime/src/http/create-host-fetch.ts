import { CmoError } from "@cmo/engine";
import type { Fetch } from "@cmo/github";

/**
 * `fetch` that goes through the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (in either case of letters), which
 * the `fetch` of Node 20 does not do by itself. Without these variables it is the host's own `fetch`, and nothing is
 * loaded. `NODE_EXTRA_CA_CERTS` is honoured by Node in both.
 */
export function createHostFetch(env: Readonly<Record<string, string | undefined>>): Fetch {
  const httpsProxy = proxyOf(env, "https_proxy");
  const httpProxy = proxyOf(env, "http_proxy");
  if (httpsProxy === null && httpProxy === null) return (url, init) => fetch(url, init);
  for (const [name, value] of [
    ["HTTPS_PROXY", httpsProxy],
    ["HTTP_PROXY", httpProxy],
  ] as const) {
    if (value !== null) checkProxy(name, value);
  }
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? "";
  let opened: Promise<Fetch> | null = null;
  return async (url, init) => {
    opened ??= openProxied({ httpsProxy, httpProxy, noProxy });
    return (await opened)(url, init);
  };
}

interface ProxySettings {
  httpsProxy: string | null;
  httpProxy: string | null;
  noProxy: string;
}

async function openProxied({ httpsProxy, httpProxy, noProxy }: ProxySettings): Promise<Fetch> {
  // Its own fetch too: the one inside Node speaks to the dispatchers of another version of the library.
  const { EnvHttpProxyAgent, fetch: proxiedFetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent({
    // Without a proxy for https the library would take the one for http; the variables say otherwise.
    ...(httpsProxy === null ? {} : { httpsProxy }),
    ...(httpProxy === null ? {} : { httpProxy }),
    noProxy: withLoopback(noProxy),
  });
  // The two declare the same WHATWG class twice; what is used of it (status, headers, text) is one and the same.
  return async (url, init) => (await proxiedFetch(url, { ...init, dispatcher })) as unknown as Response;
}

/** A stand-in on this machine is never asked through a proxy elsewhere. */
function withLoopback(noProxy: string): string {
  if (noProxy.trim() === "*") return "*";
  return [noProxy, "localhost", "127.0.0.1", "[::1]"].filter((entry) => entry.trim() !== "").join(",");
}

/** As curl does, the lower-case name wins. */
function proxyOf(env: Readonly<Record<string, string | undefined>>, name: string): string | null {
  const value = (env[name] ?? env[name.toUpperCase()])?.trim();
  if (value === undefined || value === "") return null;
  return value.includes("://") ? value : `http://${value}`;
}

function checkProxy(name: string, value: string): void {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return;
  // The value stays out of the message: it may hold a password.
  throw new CmoError("config_invalid", `${name} is not the URL of an HTTP proxy.`, {
    hint: `Set ${name} to a URL such as http://proxy.example:3128, or unset it.`,
  });
}
