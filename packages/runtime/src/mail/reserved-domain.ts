/**
 * Whether nobody on the Internet can have an address at this domain: names reserved by RFC 2606 and RFC 6761, names of
 * a local network, and hosts without a dot. `domain` in any case, with or without a final dot.
 */
export function isReservedDomain(domain: string): boolean {
  const name = domain.toLowerCase().replace(/\.$/, "");
  const labels = name.split(".");
  const top = labels.at(-1) ?? "";
  if (labels.length < 2 || reservedTops.has(top)) return true;
  // GitHub and its Enterprise Server give these to people who keep their address private; nothing is delivered there.
  if (name.startsWith("users.noreply.")) return true;
  return reservedDomains.has(labels.slice(-2).join("."));
}

const reservedTops: ReadonlySet<string> = new Set(["test", "example", "invalid", "localhost", "local"]);
const reservedDomains: ReadonlySet<string> = new Set(["example.com", "example.org", "example.net"]);
