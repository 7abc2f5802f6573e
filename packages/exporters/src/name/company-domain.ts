/**
 * The domain of a person's employer, when their own address shows it: the domain of the e-mail address from the label
 * that is the company's name (`ana@mail.acme-labs.example` at `@acme-labs` gives `acme-labs.example`). Anything else,
 * a mail provider or a domain of one's own, gives null: a wrong company is worse than none.
 */
export function companyDomain(email: string | null, company: string | null): string | null {
  if (email === null || company === null) return null;
  const labels = email
    .slice(email.lastIndexOf("@") + 1)
    .toLowerCase()
    .split(".");
  const names = leadingNames(company);
  // The last label is the top-level domain; it is nobody's name.
  const at = labels.slice(0, -1).findIndex((label) => names.has(label.replaceAll("-", "")));
  return at === -1 ? null : labels.slice(at).join(".");
}

/** `Acme Labs Inc.`: acme, acmelabs, acmelabsinc. A single letter or two is no name to go by. */
function leadingNames(company: string): ReadonlySet<string> {
  const names = new Set<string>();
  let name = "";
  for (const word of company.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    name += word;
    if (name.length > 2) names.add(name);
  }
  return names;
}
