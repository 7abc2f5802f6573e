import { CmoError, createClock } from "@cmo/engine";
import { readApiAddress } from "../http/api-address.ts";
import type { ApiLink } from "../http/api-link.ts";
import type { ClientOptions } from "./client-options.ts";

/** What all requests of a client are made with. @throws CmoError `usage` for an address or key that is none. */
export function createLink(options: ClientOptions): ApiLink {
  const { timeoutMs = 30_000, silenceMs = 45_000, retries = 3, random = Math.random } = options;
  const key = readKey(options.apiKey);
  return {
    address: readApiAddress(options.baseUrl),
    // Called as a plain function: a browser's insists on its own `this`.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    clock: options.clock ?? createClock(globalThis),
    random,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(options.userAgent === undefined ? {} : { "user-agent": options.userAgent }),
    },
    hasKey: key !== null,
    withoutKey: (text) => (key === null ? text : text.replaceAll(key, "[key]")),
    timeoutMs,
    silenceMs,
    retries,
    backoff: options.backoff ?? { baseDelayMs: 500, maxDelayMs: 10_000 },
  };
}

/** A header with a letter that none may hold makes `fetch` say what the header was. */
function readKey(text: string | undefined): string | null {
  const key = text?.trim() ?? "";
  if (key === "") return null;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new CmoError("usage", "The key of the API holds characters that no key has.", {
    hint: "Set CMO_API_KEY to a key as cmo keys create prints it.",
  });
}
