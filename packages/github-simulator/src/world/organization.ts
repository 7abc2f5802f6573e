import { hash32, pick, unit } from "../random/hash.ts";
import { TRAIT } from "./trait.ts";

/** An organisation of the world. */
export interface Organization {
  index: number;
  databaseId: number;
  login: string;
  name: string;
  /** Its site; its e-mail addresses are at the same domain. */
  domain: string;
  websiteUrl: string | null;
  description: string | null;
  location: string | null;
  email: string | null;
  createdAt: number;
}

/** The organisation with this number. */
export function organizationAt(seed: number, index: number, asOfMs: number): Organization {
  const head = HEADS[index % HEADS.length] ?? "orb";
  const tail = TAILS[Math.floor(index / HEADS.length) % TAILS.length] ?? "works";
  const round = Math.floor(index / (HEADS.length * TAILS.length));
  const login = `${head}${tail}${round === 0 ? "" : `-${round}`}`;
  const hash = hash32(seed, index, TRAIT.organization);
  const share = unit(seed, index, TRAIT.organization);
  const domain = `${login}.example`;
  return {
    index,
    databaseId: 9_000_000 + index,
    login,
    name: `${capital(head)}${tail === "io" ? ".io" : ` ${capital(tail)}`}${round === 0 ? "" : ` ${round}`}`,
    domain,
    websiteUrl: share < 0.8 ? `https://${domain}` : null,
    description:
      share < 0.7
        ? pick(["Open tools for quiet work", "Data, but friendly", "We keep things running"], hash >>> 4)
        : null,
    location:
      share < 0.6 ? pick(["Everywhere", "Bergenheim", "Villa Monteclaro", "云海城"], hash >>> 8) : null,
    email: share < 0.4 ? `hello@${domain}` : null,
    createdAt: asOfMs - (400 + (hash % 3000)) * 86_400_000,
  };
}

/** The number of the organisation with this login; null when there is none. The inverse of {@link organizationAt}. */
export function organizationIndexOf(login: string, count: number): number | null {
  const match = /^([a-z]+)(?:-(\d+))?$/.exec(login.toLowerCase());
  if (match === null) return null;
  const [, base = "", suffix] = match;
  for (const [tailIndex, tail] of TAILS.entries()) {
    if (!base.endsWith(tail)) continue;
    const headIndex = HEADS.indexOf(base.slice(0, -tail.length));
    if (headIndex < 0) continue;
    const index = headIndex + HEADS.length * (tailIndex + TAILS.length * Number(suffix ?? 0));
    return index < count ? index : null;
  }
  return null;
}

const HEADS =
  "lumen quarz ferro tundra velvet cobalt saffron nimbus orchid pixel ember willow zephyr granite marble sable topaz violet walnut yonder amber birch cedar dapple elm fathom glimmer hollow indigo juniper".split(
    " ",
  );
const TAILS =
  "forge works labs stack grid loom yard mill harbor foundry io collective kiln press orchard".split(" ");

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
