import type { PersonProfile } from "@cmo/engine";

/**
 * What people write when they do not want to be written to. Each pattern asks for a refusal and for what is refused,
 * so that "I work at a recruiting company" is no opt-out and "no recruiters please" is. Matched in lower case, with
 * typographic apostrophes made plain.
 */
const refusals: readonly RegExp[] = [
  /\bno\s+(?:more\s+)?(?:unsolicited\s+|cold\s+|marketing\s+|sales\s+|spam\s+)*(?:recruit(?:er|ers|ing|ment)|head\s?hunters?|sales(?:people)?|solicit(?:ors|ation|ations|ing)|spam|marketing|cold\s?(?:e-?mails?|calls?|messages?|outreach)|(?:e-?mails?|messages?|contact|outreach|offers|pitches)\b)/,
  /\b(?:do\s+not|don'?t|please\s+don'?t|never)\s+(?:ever\s+)?(?:contact|e-?mail|message|write(?:\s+to)?|call|dm|recruit|solicit|spam|pitch|reach\s+out)\b/,
  /\b(?:recruiters?|head\s?hunters?|sales(?:people)?|cold\s?(?:e-?mails?|outreach)|unsolicited\s+(?:e-?mails?|messages?|offers?))\b[^.!?\n]{0,40}\b(?:not\s+welcome|unwelcome|will\s+be\s+(?:ignored|blocked|reported|deleted)|go\s+away|stay\s+away|keep\s+out|need\s+not\s+apply)\b/,
  /\bnot\s+(?:open\s+to|interested\s+in|looking\s+for|accepting)\s+(?:any\s+)?(?:recruit\w*|cold\s+\w+|unsolicited\s+\w+|solicitations?|offers|outreach|sales\s+\w+|contact|e-?mails?|messages?)\b/,
  /\b(?:do[\s-]?not[\s-]?contact|please\s+leave\s+me\s+alone|opt(?:ed)?[\s-]?out\s+of\s+(?:outreach|contact|e-?mails?))\b/,
  /\bkeine\s+(?:recruiter|headhunter|werbung|kaltakquise|anfragen)\b/,
  /\b(?:pas|aucun)\s+de\s+(?:recruteurs?|démarchage|prospection)\b/,
  /\bno\s+(?:reclutadores|contactar)\b/,
];

/** Whether a profile's bio, name or status asks not to be contacted. */
export function asksNotToBeContacted(profile: Pick<PersonProfile, "bio" | "name" | "status">): boolean {
  return [profile.bio, profile.name, profile.status].some((text) => text !== null && refuses(text));
}

function refuses(text: string): boolean {
  const plain = text
    .toLowerCase()
    .normalize("NFKC")
    .replace(/[\u2018\u2019\u02BC]/g, "'")
    .replace(/\s+/g, " ");
  return refusals.some((pattern) => pattern.test(plain));
}
