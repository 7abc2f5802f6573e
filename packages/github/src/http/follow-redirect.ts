import { CmoError } from "@cmo/engine";

/**
 * Where a redirect leads, as the `redirects`th of one question. Redirects stay within the origin, because the token is
 * bound to it, and end after three. Throws a `CmoError` `source_rejected` otherwise, which names the other host.
 */
export function followRedirect(from: URL, location: string, redirects: number): URL {
  const to = location !== "" && URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (to === null) throw rejected(`${from.host} redirected to no address.`);
  if (redirects > maxRedirects) throw rejected(`${from.host} redirected more than ${maxRedirects} times.`);
  if (to.origin !== from.origin || to.username !== "" || to.password !== "") {
    throw rejected(`${from.host} redirected to ${to.protocol}//${to.host}, which does not get the token.`);
  }
  return to;
}

const maxRedirects = 3;

function rejected(message: string): CmoError {
  return new CmoError("source_rejected", message, {
    hint: "If that is the right address, set GITHUB_API_URL (and GITHUB_GRAPHQL_URL) to it.",
  });
}
