/** Accounts that the platform itself puts in the place of people. */
const placeholders: ReadonlySet<string> = new Set(["ghost", "invalid-email-address", "web-flow"]);

/** Machine users that carry no `bot` at the end of their name. */
const machines: ReadonlySet<string> = new Set([
  "actions-user",
  "allcontributors",
  "codecov-io",
  "copilot",
  "copilot-swe-agent",
  "greenkeeperio",
  "imgbot",
  "mergify",
  "pre-commit-ci",
  "snyk-io",
  "whitesource-bolt",
]);

/** Services that run under several names: `dependabot`, `dependabot-preview`, `renovate-acme`. */
const service = /^(?:dependabot|renovate|github-actions|greenkeeper)(?:$|[-_[])/;

/** Why an account is nobody, or null for one that may be a person. */
export function machineAccountReason(login: string): "placeholder_account" | "bot" | null {
  const name = login.toLowerCase();
  if (placeholders.has(name)) return "placeholder_account";
  if (/(?:\[bot\]|[-_]bot)$/.test(name) || service.test(name) || machines.has(name)) return "bot";
  return null;
}
