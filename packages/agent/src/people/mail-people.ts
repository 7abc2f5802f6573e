import { parseEmailAddress } from "../validation/email-address.ts";
import { isFreeAddress } from "../validation/mail-habit.ts";

/** The domain of an address that leads to whoever has it; none for a provider's, which leads to nobody. */
export function ownDomainOf(email: string | null): readonly string[] {
  const address = email === null ? null : parseEmailAddress(email);
  return address === null || isFreeAddress(address) ? [] : [address.domain];
}
