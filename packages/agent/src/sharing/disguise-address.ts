import { hostOf } from "../scoring/own-domain.ts";
import { type EmailAddress, parseEmailAddress } from "../validation/email-address.ts";
import { isFreeAddress, isNoreply, isRoleAddress } from "../validation/mail-habit.ts";
import type { DisguiseOptions } from "./disguise-options.ts";

/** Gives addresses, domains and websites their pseudonyms. */
export interface AddressDisguise {
  domain(domain: string): string;
  email(published: string | null): string | null;
  website(url: string | null): string | null;
}

/** No such top-level domain is there, and no rule of ours knows it. */
const pseudonymTop = "pseudonym";
/** Reserved everywhere. */
const reservedTop = "localhost";
/** On every list of those that are thrown away. */
const disposableDomain = "mailinator.com";

/**
 * An {@link AddressDisguise} that keeps what judges and scores them: a domain stays above the domains below it, one of a
 * provider that gives addresses to anybody stays itself, and a reserved, disposable, noreply, role or malformed address
 * stays one.
 */
export function createAddressDisguise({
  pseudonym,
  isReserved,
  isDisposable,
}: Pick<DisguiseOptions, "pseudonym" | "isReserved" | "isDisposable">): AddressDisguise {
  function hostPseudonym(host: string, top: string): string {
    const labels = host.toLowerCase().split(".");
    const names = labels.map((_label, index) => `d${pseudonym("domain", labels.slice(index).join("."))}`);
    return [...names, top].join(".");
  }

  function domain(name: string): string {
    if (isFreeAddress({ text: "", localPart: "", domain: name })) return name;
    if (isDisposable(name)) return disposableDomain;
    return hostPseudonym(name, isReserved(name) ? reservedTop : pseudonymTop);
  }

  function localPart(address: EmailAddress): string {
    if (isNoreply(address)) return "noreply";
    return isRoleAddress(address) ? "info" : `p${pseudonym("address", address.text.toLowerCase())}`;
  }

  return {
    domain,
    email(published) {
      if (published === null) return null;
      if (published.trim() === "") return "";
      const address = parseEmailAddress(published);
      return address === null ? "no address" : `${localPart(address)}@${domain(address.domain)}`;
    },
    website(url) {
      const host = hostOf(url);
      return host === null ? null : `https://${domain(host)}/`;
    },
  };
}
