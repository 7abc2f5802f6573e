import type { PersonProfile } from "@cmo/engine";
import { describe, expect, it, test } from "vitest";
import { profileOf } from "../../test/profile.ts";
import { judgeEarly, judgeMail } from "./contact-judgement.ts";
import { parseEmailAddress } from "./email-address.ts";

const facts = {
  isReserved: (domain: string) => domain.endsWith(".invalid"),
  isDisposable: (domain: string) => domain.startsWith("throwaway"),
};

function reasonOf(profile: Partial<PersonProfile>): string {
  const { judgement, open } = judgeEarly(profileOf(profile), facts);
  return (judgement ?? judgeMail(open, "ok")).reason;
}

describe("the first rule that matches is the reason", () => {
  const no = "No recruiters, please.";
  test.each<[string, Partial<PersonProfile>]>([
    ["profile_opt_out", { bio: no, email: "ada@users.noreply.throwaway.invalid" }],
    ["profile_opt_out", { status: no, email: null }],
    ["profile_opt_out", { name: `Ada (${no})`, email: "ada@probe.example" }],
    ["no_email", { email: null }],
    ["no_email", { email: "  " }],
    ["malformed_email", { email: "noreply@" }],
    ["noreply_email", { email: "noreply@throwaway.invalid" }],
    ["reserved_domain", { email: "ada@throwaway.invalid" }],
    ["disposable_domain", { email: "ada@throwaway.example" }],
    ["published_email", { email: "ada@probe.example" }],
    ["published_email", { email: "hello@gmail.com" }],
  ])("%s", (reason, profile) => {
    expect(reasonOf(profile)).toBe(reason);
  });

  it("rejects nobody because a look-up failed or was not made", () => {
    const address = parseEmailAddress("ada@probe.example");
    if (address === null) throw new Error("No address.");
    expect(judgeMail(address, "no_mail")).toMatchObject({ contactable: false, reason: "no_mail_domain" });
    for (const answer of ["ok", "weak", "unknown", "not_checked"] as const) {
      expect(judgeMail(address, answer)).toMatchObject({ contactable: true, mxStatus: answer });
    }
  });
});
