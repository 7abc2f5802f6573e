import { CmoError } from "@cmo/engine";
import type { KeyDirectory } from "@cmo/runtime";

/**
 * @throws CmoError `usage` for a server without keys that others than its own machine could reach; `flag` is what it was
 * told the address with.
 */
export function assertGuarded(host: string, keys: KeyDirectory | null, flag = "--host"): void {
  if (keys !== null || loopbackHosts.has(host)) return;
  throw new CmoError(
    "usage",
    `Without keys, a server may only be reached from its own machine, not on ${host}.`,
    {
      hint: `Make a key with: cmo keys create; or leave out ${flag} (and CMO_HOST).`,
    },
  );
}

const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);
