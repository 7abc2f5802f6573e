import { hash32, pick, unit } from "../random/hash.ts";
import { emailOf } from "./email-address.ts";
import { NAME_COMBINATIONS, nameAt } from "./name-vocabulary.ts";
import { bioOf, statusOf } from "./profile-text.ts";
import { SPECIAL_ACCOUNTS } from "./special-account.ts";
import { TRAIT } from "./trait.ts";

/** A user account. `index` below the world's number of people is a person; from there on a special account. */
export interface Person {
  index: number;
  databaseId: number;
  login: string;
  typename: "User" | "Bot";
  name: string | null;
  /** Empty when it is private. */
  email: string;
  company: string | null;
  location: string | null;
  bio: string | null;
  status: string | null;
  websiteUrl: string | null;
  twitterUsername: string | null;
  pronouns: string | null;
  isHireable: boolean;
  createdAt: number;
  updatedAt: number;
  followers: number;
  following: number;
}

/** What a person's profile is derived from. */
export interface PersonContext {
  seed: number;
  people: number;
  asOfMs: number;
  /** An organisation by a free number: where people work. */
  employer(hash: number): { login: string; name: string; domain: string };
}

/** The account with this number. */
export function personAt(context: PersonContext, index: number): Person {
  const { seed, people, asOfMs } = context;
  if (index >= people) return specialPerson(index, people, asOfMs);
  const login = loginAt(index);
  const name = nameAt(index % NAME_COMBINATIONS);
  const databaseId = 1_000_000 + index * 7;
  const employer = context.employer(hash32(seed, index, TRAIT.company));
  const employed = unit(seed, index, TRAIT.company) < 0.45;
  const hash = hash32(seed, index, TRAIT.name);
  const createdAt = asOfMs - (120 + (hash32(seed, index, TRAIT.joined) % 4500)) * DAY;
  return {
    index,
    databaseId,
    login,
    typename: "User",
    name: displayName(name.display, hash),
    email: emailOf(seed, index, {
      login,
      givenAscii: name.given.ascii,
      familyAscii: name.family.ascii,
      databaseId,
      companyDomain: employed ? employer.domain : null,
    }),
    company: employed ? companyText(employer, hash32(seed, index, TRAIT.ownerIndex)) : null,
    location:
      unit(seed, index, TRAIT.location) < 0.6
        ? pick(name.tradition.places, hash32(seed, index, TRAIT.location))
        : null,
    bio: bioOf(seed, index),
    status: statusOf(seed, index),
    websiteUrl: websiteOf(seed, index, login),
    twitterUsername: unit(seed, index, TRAIT.twitter) < 0.25 ? login.replaceAll("-", "_") : null,
    pronouns: unit(seed, index, TRAIT.pronouns) < 0.2 ? pick(["she/her", "he/him", "they/them"], hash) : null,
    isHireable: unit(seed, index, TRAIT.hireable) < 0.15,
    createdAt,
    updatedAt: asOfMs - (hash32(seed, index, TRAIT.updated) % 200) * DAY,
    followers: Math.floor(10 ** (4.2 * unit(seed, index, TRAIT.followers) ** 1.8)) - 1,
    following: hash32(seed, index, TRAIT.following) % 150,
  };
}

/** The login of a person, without the rest of the profile. */
export function loginAt(index: number): string {
  const round = Math.floor(index / NAME_COMBINATIONS);
  return `${loginBase(index % NAME_COMBINATIONS)}${round === 0 ? "" : round}`;
}

/** Finds people by login, in constant time: logins are made of the name combination and a round. */
export function createLoginIndex(people: number): (login: string) => number | null {
  const bases = new Map<string, number>();
  for (let combination = 0; combination < NAME_COMBINATIONS; combination += 1)
    bases.set(loginBase(combination), combination);
  const specials = new Map(SPECIAL_ACCOUNTS.map((account, index) => [account.login, people + index]));
  return (login) => {
    const wanted = login.toLowerCase();
    const special = specials.get(wanted);
    if (special !== undefined) return special;
    const match = /^(.*?)([1-9]\d*)?$/.exec(wanted);
    const combination = bases.get(match?.[1] ?? "");
    if (combination === undefined) return null;
    const index = combination + NAME_COMBINATIONS * Number(match?.[2] ?? 0);
    return index < people ? index : null;
  };
}

const DAY = 86_400_000;

function loginBase(combination: number): string {
  const { given, family } = nameAt(combination);
  const first = given.ascii.replaceAll(/[^a-z0-9]/g, "");
  const last = family.ascii.replaceAll(/[^a-z0-9]/g, "");
  switch (hash32(0, combination, TRAIT.loginStyle) % 3) {
    case 0:
      return `${first}${last}`;
    case 1:
      return `${last}-${first}`;
    default:
      return `${first}-${last}`;
  }
}

function displayName(display: string, hash: number): string | null {
  const share = hash % 100;
  if (share < 8) return null;
  if (share < 10) return `=${display}`;
  if (share < 12) return `${display} (no recruiters)`;
  if (share < 14) return `Dr. "${display}", PhD`;
  return display;
}

function companyText(employer: { login: string; name: string }, hash: number): string {
  switch (hash % 4) {
    case 0:
      return `@${employer.login}`;
    case 1:
      return `${employer.name}, Inc.`;
    case 2:
      return ` ${employer.name} `;
    default:
      return employer.name;
  }
}

function websiteOf(seed: number, index: number, login: string): string | null {
  const share = unit(seed, index, TRAIT.website);
  if (share < 0.55) return null;
  if (share < 0.9) return `https://${login}.example`;
  return share < 0.97 ? `${login}.example/blog` : "javascript:alert('site')";
}

function specialPerson(index: number, people: number, asOfMs: number): Person {
  const account = SPECIAL_ACCOUNTS[index - people];
  if (account === undefined) throw new RangeError(`No account ${index}.`);
  return {
    index,
    databaseId: 500 + index - people,
    login: account.login,
    typename: account.typename,
    name: account.name,
    email: "",
    company: null,
    location: null,
    bio: account.bio,
    status: null,
    websiteUrl: null,
    twitterUsername: null,
    pronouns: null,
    isHireable: false,
    createdAt: asOfMs - 4000 * DAY,
    updatedAt: asOfMs - 30 * DAY,
    followers: 0,
    following: 0,
  };
}
