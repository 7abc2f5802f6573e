import type { Lead } from "@cmo/engine";
import type { CsvCell } from "../csv/leads-csv.ts";
import { companyDomain } from "../name/company-domain.ts";
import { type SplitName, splitName } from "../name/split-name.ts";

/** What a preset's column can hold of a person who may be contacted. */
export type ContactField =
  | "email"
  | "emailSource"
  | "firstName"
  | "lastName"
  | "company"
  | "companyDomain"
  | "websiteUrl"
  | "twitterUsername"
  | "profileUrl"
  | "location"
  | "bio"
  | "score"
  | "reasons"
  | "repositories"
  | "lastActiveDate";

/** A person as presets see them: the lead, and its name in two parts. */
interface Contact {
  readonly lead: Lead;
  readonly name: SplitName;
}

/** Takes a lead apart once for all columns. */
export function contactOf(lead: Lead): Contact {
  return { lead, name: splitName(lead.name) };
}

/** One field of a contact. Lists are joined by `listSeparator`, dates are `YYYY-MM-DD`. */
export function contactValue({ lead, name }: Contact, field: ContactField, listSeparator: string): CsvCell {
  switch (field) {
    case "email":
    case "emailSource":
    case "websiteUrl":
    case "twitterUsername":
    case "profileUrl":
    case "location":
    case "bio":
    case "score":
      return lead[field];
    case "firstName":
      return name.firstName;
    case "lastName":
      return name.lastName ?? lead.login;
    case "company":
      return companyName(lead);
    case "companyDomain":
      return companyDomain(lead.email, lead.company);
    case "reasons":
      return joined(
        lead.reasons.map((reason) => `${reason.signal} ${reason.points}`),
        listSeparator,
      );
    case "repositories":
      return joined(
        lead.repositories.map((repository) => repository.name),
        listSeparator,
      );
    case "lastActiveDate":
      return lead.lastActiveAt.slice(0, 10);
    default:
      return field satisfies never;
  }
}

/** People write their employer's account: `@acme, @tools` is `acme, tools`. */
function companyName(lead: Lead): string | null {
  return lead.company === null ? null : lead.company.replace(/(^|[\s,;/|&])@(?=[\p{L}\p{N}])/gu, "$1").trim();
}

function joined(values: readonly string[], separator: string): string {
  return values.map((value) => value.replaceAll(separator, " ")).join(separator);
}
