import type { Lead, MailAnswer, PersonProfile } from "@cmo/engine";
import { type EmailAddress, parseEmailAddress } from "./email-address.ts";
import { isFreeAddress, isNoreply, isRoleAddress } from "./mail-habit.ts";
import { asksNotToBeContacted } from "./opt-out.ts";

/** Whether and how somebody may be contacted, and why. */
export interface ContactJudgement {
  readonly contactable: boolean;
  /** The first rule that matched; `published_email` for those who may be contacted. */
  readonly reason: string;
  readonly mxStatus: Lead["mxStatus"];
  /** The published address where it is one; also for those who may not be contacted. */
  readonly address: EmailAddress | null;
  readonly isRole: boolean;
  readonly isFree: boolean;
}

/** Somebody whose profile was read and judged. */
export interface JudgedProfile {
  readonly profile: PersonProfile;
  readonly judgement: ContactJudgement;
}

/** The answers that judging needs, so that it stays a pure function. */
export interface MailFacts {
  isReserved(domain: string): boolean;
  isDisposable(domain: string): boolean;
}

/** What can be said before a domain is looked up: a judgement, or the address whose domain decides. */
export type EarlyJudgement =
  | { judgement: ContactJudgement; open: null }
  | { judgement: null; open: EmailAddress };

/** The reason that somebody said no. It is never exported, and wins over everything. */
export const optOutReason = "profile_opt_out";

/**
 * The rules of contactability in their order; the first that matches is kept as the reason: the profile says no, no
 * address, no right address, noreply, reserved domain, disposable domain. Role and free addresses are flags.
 */
export function judgeEarly(profile: PersonProfile, facts: MailFacts): EarlyJudgement {
  const address = profile.email === null ? null : parseEmailAddress(profile.email);
  if (asksNotToBeContacted(profile)) return rejected(optOutReason, address);
  if (profile.email === null || profile.email.trim() === "") return rejected("no_email", null);
  if (address === null) return rejected("malformed_email", null);
  if (isNoreply(address)) return rejected("noreply_email", address);
  if (facts.isReserved(address.domain)) return rejected("reserved_domain", address);
  if (facts.isDisposable(address.domain)) return rejected("disposable_domain", address);
  return { judgement: null, open: address };
}

/**
 * The judgement once the domain's mail is known; `not_checked` when a job ended before it was asked for. A look-up that
 * failed or was not made is never a rejection.
 */
export function judgeMail(address: EmailAddress, answer: MailAnswer | "not_checked"): ContactJudgement {
  const contactable = answer !== "no_mail";
  return {
    contactable,
    reason: contactable ? "published_email" : "no_mail_domain",
    mxStatus: answer,
    address,
    isRole: isRoleAddress(address),
    isFree: isFreeAddress(address),
  };
}

function rejected(reason: string, address: EmailAddress | null): EarlyJudgement {
  const judgement: ContactJudgement = {
    contactable: false,
    reason,
    mxStatus: "not_checked",
    address,
    isRole: address !== null && isRoleAddress(address),
    isFree: address !== null && isFreeAddress(address),
  };
  return { judgement, open: null };
}
