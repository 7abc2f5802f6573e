import type { MemoryChange, PersonProfile } from "@cmo/engine";
import { recordCollection } from "../memory/working-memory.ts";
import { type ContactJudgement, type JudgedProfile, optOutReason } from "../validation/contact-judgement.ts";

/** What is kept of somebody who was judged and did not opt out: all that a score needs beside what they did. */
export interface WillingPerson extends Pick<PersonProfile, "id" | "websiteUrl" | "isHireable"> {
  readonly judgement: Omit<ContactJudgement, "address">;
  /** Of a published address, in lower case. */
  readonly domain: string | null;
}

/** Those who did not opt out, by their place in the order in which they were judged, from 0. */
export const willingPeople = recordCollection<WillingPerson>("willing/1");

/** Records for those who did not opt out. `already` is how many there were before. */
export function keepWilling(judged: readonly JudgedProfile[], already: number): readonly MemoryChange[] {
  return judged
    .filter(({ judgement }) => judgement.reason !== optOutReason)
    .map(({ profile, judgement }, index) => {
      const { address, ...rest } = judgement;
      const { id, websiteUrl, isHireable } = profile;
      return willingPeople.put(String(already + index), {
        id,
        websiteUrl,
        isHireable,
        judgement: rest,
        domain: address?.domain ?? null,
      });
    });
}
