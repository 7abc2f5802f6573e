/** Accounts that the platform itself puts in the place of people. Source: github.md, 1.5. */
const placeholders = new Set(["ghost", "invalid-email-address", "web-flow"]);

/** Machine users that carry no `[bot]` suffix. */
const machines = new Set([
  "actions-user",
  "allcontributors",
  "codecov-io",
  "copilot-swe-agent",
  "dependabot",
  "dependabot-preview",
  "github-actions",
  "greenkeeper",
  "greenkeeperio-bot",
  "imgbot",
  "mergify",
  "pre-commit-ci",
  "pyup-bot",
  "renovate",
  "renovate-bot",
  "semantic-release-bot",
  "snyk-bot",
  "whitesource-bolt",
]);

/** Why an account is nobody, or null for one that may be a person. */
export function machineAccountReason(login: string): "placeholder_account" | "bot" | null {
  const name = login.toLowerCase();
  if (placeholders.has(name)) return "placeholder_account";
  if (name.endsWith("[bot]") || name.endsWith("-bot") || name.endsWith("_bot") || machines.has(name))
    return "bot";
  return null;
}
