import type { Fetch } from "@cmo/github";
import { EnvHttpProxyAgent, fetch } from "undici";

/** Which proxies to go through; null for none. */
export interface ProxySettings {
  httpsProxy: string | null;
  httpProxy: string | null;
  /** Hosts that are asked directly, as `NO_PROXY` lists them. */
  noProxy: string;
}

/**
 * A `fetch` that goes through proxies. In a module of its own, so that the library is loaded only by who has a proxy;
 * with its own `fetch`, because the one inside Node speaks to the dispatchers of another version of the library.
 */
export function openProxiedFetch({ httpsProxy, httpProxy, noProxy }: ProxySettings): Fetch {
  // Empty where there is none: for undefined the library would look into the environment by itself.
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: httpsProxy ?? "",
    httpProxy: httpProxy ?? "",
    noProxy,
  });
  return async (url, init) => {
    // The library would send https through the proxy for http; the variables do not mean that.
    if (httpsProxy === null && url.startsWith("https:")) return globalThis.fetch(url, init);
    // The two declare the same WHATWG class twice; what is used of it (status, headers, text) is one and the same.
    return (await fetch(url, { ...init, dispatcher })) as unknown as Response;
  };
}
