import { CmoError, type PersonProfile } from "@cmo/engine";
import { asksNotToBeContacted } from "../validation/opt-out.ts";
import type { ProfileAnswer } from "./enrich.ts";

/** The kind of task under which a person's profile is stored, by node id. */
export const profileTask = "profile";

/** What a stored answer says of somebody. */
export interface StoredProfile {
  /** Null where the source gave none. */
  readonly profile: PersonProfile | null;
  /** They were left out because they are suppressed. */
  readonly wasSuppressed: boolean;
  /** They ask not to be contacted, which keeps them out of everything that is shown. */
  readonly refuses: boolean;
}

/** Reads the JSON text of a stored answer. @throws CmoError `store_corrupt` for one that is no JSON. */
export function readStoredProfile(text: string): StoredProfile {
  const { profile, missing } = answerOf(text);
  return {
    profile,
    wasSuppressed: missing === "suppressed",
    refuses: profile !== null && asksNotToBeContacted(profile),
  };
}

function answerOf(text: string): ProfileAnswer {
  try {
    // Only this agent writes results of this kind.
    return JSON.parse(text) as ProfileAnswer;
  } catch {
    throw new CmoError("store_corrupt", "A stored profile cannot be read.");
  }
}
