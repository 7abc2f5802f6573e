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
  const proxies = { httpsProxy, httpProxy, noProxy: withLoopback(env.no_proxy ?? env.NO_PROXY ?? "") };
  let opened: Promise<Fetch> | null = null;
  return async (url, init) => {
    opened ??= import("./open-proxied-fetch.ts").then(({ openProxiedFetch }) => openProxiedFetch(proxies));
    return (await opened)(url, init);
  };
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
