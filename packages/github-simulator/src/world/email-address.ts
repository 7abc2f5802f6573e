import { hash32, pick, unit } from "../random/hash.ts";
import { TRAIT } from "./trait.ts";

/** What an address needs to know of its person. */
export interface AddressOwner {
  login: string;
  givenAscii: string;
  familyAscii: string;
  databaseId: number;
  /** Domain of the organisation the person works for, if any. */
  companyDomain: string | null;
}

/**
 * The published address of a person: empty when private, otherwise a mailbox at a reserved domain. About half can
 * receive mail (`.example`); the rest are placeholders, domains without mail (`.test`, `.invalid`), or no addresses.
 */
export function emailOf(seed: number, person: number, owner: AddressOwner): string {
  const share = unit(seed, person, TRAIT.email);
  const hash = hash32(seed, person, TRAIT.emailText);
  const local = plain(owner.givenAscii);
  const surname = plain(owner.familyAscii);
  if (share < 0.28) return "";
  if (share < 0.5) return `${local}@${surname}${hash % 90}.example`;
  if (share < 0.64) return `${local}.${surname}${hash % 900}@${pick(FREE_MAIL, hash >>> 10)}`;
  if (share < 0.72) return `${local}@${owner.companyDomain ?? `${surname}-studio.example`}`;
  if (share < 0.78) return `${pick(ROLES, hash)}@${surname}-project${hash % 50}.example`;
  if (share < 0.8) return `${local}+github@münster-${surname}.example`;
  if (share < 0.82) return `${local.toUpperCase()}.${surname}@Mixed-Case.EXAMPLE`;
  if (share < 0.9) {
    return hash % 2 === 0
      ? `${owner.databaseId}+${owner.login}@users.noreply.github.com`
      : `${owner.login}@users.noreply.github.com`;
  }
  if (share < 0.94) return `${local}@${surname}.${hash % 2 === 0 ? "test" : "invalid"}`;
  return pick(MALFORMED, hash).replaceAll("{local}", local).replaceAll("{surname}", surname);
}

const FREE_MAIL = ["quickpost.example", "mailbox.example", "fastletter.example", "pigeon.example"];
const ROLES = ["hello", "team", "contact", "info", "hi"];
const MALFORMED = [
  "{local} [at] {surname} [dot] example",
  "{local}@@{surname}.example",
  "{local}@",
  "@{surname}.example",
  "{local}.@{surname}..example",
  "{local} {surname}@{surname}.example",
  "=cmd()@{surname}.example",
  "{local}@localhost",
];

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
