import type { SuppressionEntry } from "../config/suppress-entry.ts";

/**
 * Everything that a person can be on a suppression list by: node id, login, address, its domain, and every domain
 * above that one, since whoever suppresses `example.org` means `mail.example.org` too.
 */
export function suppressionEntriesOf(person: {
  id: string;
  login: string;
  email: string | null;
}): SuppressionEntry[] {
  const identity: SuppressionEntry[] = [
    { kind: "id", value: person.id },
    { kind: "login", value: person.login },
  ];
  const address = person.email?.trim() ?? "";
  if (address === "") return identity;
  const labels = address.slice(address.lastIndexOf("@") + 1).split(".");
  const domains = labels.slice(0, -1).map((_label, index) => labels.slice(index).join("."));
  return [
    ...identity,
    { kind: "email", value: address },
    ...domains.map((value): SuppressionEntry => ({ kind: "domain", value })),
  ];
}
