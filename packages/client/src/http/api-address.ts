import { CmoError } from "@cmo/engine";

/** Where the API is. */
export interface ApiAddress {
  /** What every path begins with, without a slash at its end: `https://cmo.example/prefix`. Holds no secret. */
  readonly base: string;
}

/**
 * Reads an address such as `http://127.0.0.1:2660` or `https://cmo.example/prefix/`.
 * @throws CmoError `usage` for what is none. The message never repeats the text: it may hold a password.
 */
export function readApiAddress(text: string): ApiAddress {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw unusable("The address of the API is no http or https address.");
  }
  if (url.username !== "" || url.password !== "") {
    throw unusable(
      "The address of the API holds a user name or a password.",
      "The key goes into CMO_API_KEY. ",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw unusable("The address of the API has something after ? or #.");
  }
  return { base: `${url.origin}${url.pathname.replace(/\/+$/, "")}` };
}

function unusable(message: string, advice = ""): CmoError {
  return new CmoError("usage", message, {
    hint: `${advice}Set CMO_API_URL to an address such as http://127.0.0.1:2660.`,
  });
}
