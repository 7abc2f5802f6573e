import type { PersonProfile } from "@cmo/engine";
import { refusals } from "./refusal.ts";

/** Whether a profile's bio, name or status asks not to be contacted. */
export function asksNotToBeContacted(profile: Pick<PersonProfile, "bio" | "name" | "status">): boolean {
  return [profile.bio, profile.name, profile.status].some((text) => text !== null && refuses(text));
}

function refuses(text: string): boolean {
  const plain = plainText(text);
  return refusals.some((pattern) => pattern.test(plain));
}

/** The same words whatever they are written with: one case, one kind of apostrophe and of dash, nothing invisible. */
function plainText(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{Cf}\p{Cc}]+/gu, (hidden) => (/[\n\r\t]/.test(hidden) ? hidden : ""))
    .replace(/[\u2018\u2019\u201B\u02BC\u00B4`\u2032]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[*_~]{1,3}(?=\S)|(?<=\S)[*_~]{1,3}/g, " ")
    .replace(/\s*[\n\r]+\s*/g, " | ")
    .replace(/\s+/g, " ")
    .trim();
}
