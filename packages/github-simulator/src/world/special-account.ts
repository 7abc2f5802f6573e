/** An account that is nobody: a bot, a machine user, or a placeholder of the platform. */
export interface SpecialAccount {
  login: string;
  name: string | null;
  /** How GitHub types it: an app's `Bot`, or an ordinary `User`. */
  typename: "User" | "Bot";
  bio: string | null;
}

/** Accounts that every world has. As authors of commits they appear as users, never as bots (`GitActor.user`). */
export const SPECIAL_ACCOUNTS: readonly SpecialAccount[] = [
  {
    login: "ghost",
    name: "Deleted user",
    typename: "User",
    bio: "Takes the place of accounts that were deleted.",
  },
  { login: "invalid-email-address", name: null, typename: "User", bio: null },
  { login: "web-flow", name: "Web Flow", typename: "User", bio: null },
  { login: "dependabot[bot]", name: null, typename: "User", bio: null },
  { login: "renovate[bot]", name: null, typename: "User", bio: null },
  { login: "github-actions[bot]", name: null, typename: "User", bio: null },
  {
    login: "renovate-bot",
    name: "A robot",
    typename: "User",
    bio: "I open pull requests about dependencies.",
  },
  { login: "copilot-swe-agent", name: null, typename: "User", bio: null },
  {
    login: "nightly-build-bot",
    name: "Nightly build",
    typename: "User",
    bio: "Machine account of the build farm.",
  },
  { login: "dependabot", name: null, typename: "Bot", bio: null },
  { login: "renovate", name: null, typename: "Bot", bio: null },
  { login: "github-actions", name: null, typename: "Bot", bio: null },
];

/** Those whom commits may be linked to. */
export const COMMITTING_ACCOUNTS: readonly number[] = indexes((account) => account.typename === "User");

/** Those who open or merge pull requests as apps. */
export const APP_ACCOUNTS: readonly number[] = indexes((account) => account.typename === "Bot");

function indexes(wanted: (account: SpecialAccount) => boolean): number[] {
  return SPECIAL_ACCOUNTS.flatMap((account, index) => (wanted(account) ? [index] : []));
}
