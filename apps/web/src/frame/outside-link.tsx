import type { ComponentChildren, JSX } from "preact";
import { safeAddress } from "../text/safe-address.ts";

/** A link to somewhere else that somebody else has written; plain text where it is no address of the web. */
export function OutsideLink({
  address,
  children,
}: {
  readonly address: string | null;
  readonly children: ComponentChildren;
}): JSX.Element {
  const safe = safeAddress(address);
  if (safe === undefined) return <>{children}</>;
  return (
    <a href={safe} rel="noreferrer noopener" target="_blank">
      {children}
    </a>
  );
}
