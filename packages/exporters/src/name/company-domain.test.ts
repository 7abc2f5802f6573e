import { describe, expect, it } from "vitest";
import { companyDomain } from "./company-domain.ts";

describe("companyDomain", () => {
  it.each<[string | null, string | null, string | null]>([
    ["ana@acme.example", "@acme", "acme.example"],
    ["ana@mail.acme-labs.co.example", "Acme Labs Inc.", "acme-labs.co.example"],
    ["ANA@ACME.EXAMPLE", "acme", "acme.example"],
    ["ana@webmail.example", "Acme", null],
    ["ana@ana-example.test", "@acme @tools", null],
    ["ana@acme", "acme", null],
    ["ana@co.example", "Co", null],
    [null, "acme", null],
    ["ana@acme.example", null, null],
    ["ana@acme.example", "@@ !", null],
  ])("finds for %j at %j the domain %j", (email, company, domain) => {
    expect(companyDomain(email, company)).toBe(domain);
  });
});
