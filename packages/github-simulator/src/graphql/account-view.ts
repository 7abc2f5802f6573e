import { encodeNodeId } from "../world/node-id.ts";
import type { Person } from "../world/person.ts";
import type { World } from "../world/world.ts";
import { type ConnectionSource, createConnection, listConnection, type PageArguments } from "./connection.ts";
import { problemError } from "./graphql-problem.ts";
import type { View } from "./view.ts";

/** Where the pages of this world would be. Not GitHub's own host: the people there are others. */
export const SITE_URL = "https://github.example";

/** The node id of an account. */
export function accountNodeId(person: Person): string {
  return encodeNodeId(person.typename === "Bot" ? "bot" : "user", person.index);
}

/** A user or an app, as GraphQL shows it. */
export function accountView(world: World, index: number): View {
  const person = world.person(index);
  const shared = {
    id: accountNodeId(person),
    databaseId: person.databaseId,
    login: person.login,
    url: `${SITE_URL}/${person.login}`,
    resourcePath: `/${person.login}`,
    avatarUrl: `${SITE_URL}/avatars/${person.databaseId}`,
    createdAt: isoTime(person.createdAt),
    updatedAt: isoTime(person.updatedAt),
  };
  if (person.typename === "Bot") return { __typename: "Bot", ...shared };
  return {
    __typename: "User",
    ...shared,
    name: person.name,
    email: person.email,
    company: person.company,
    companyHTML: "",
    location: person.location,
    bio: person.bio,
    websiteUrl: person.websiteUrl,
    twitterUsername: person.twitterUsername,
    pronouns: person.pronouns,
    isHireable: person.isHireable,
    isBountyHunter: false,
    isCampusExpert: false,
    isEmployee: false,
    isSiteAdmin: false,
    isViewer: (_: unknown, context: { viewer: number }) => context.viewer === index,
    hasSponsorsListing: false,
    status: () => statusView(person),
    followers: (page: PageArguments) =>
      createConnection(countOnly("User.followers", person.followers), page, "FollowerConnection"),
    following: (page: PageArguments) =>
      createConnection(countOnly("User.following", person.following), page, "FollowingConnection"),
    socialAccounts: (page: PageArguments) =>
      listConnection(socialAccountsOf(person), page, "SocialAccountConnection"),
    organizations: (page: PageArguments) =>
      listConnection(employersOf(world, person), page, "OrganizationConnection"),
  };
}

/** An organisation, as GraphQL shows it. */
export function organizationView(world: World, index: number): View {
  const organization = world.organization(index);
  return {
    __typename: "Organization",
    id: encodeNodeId("organization", index),
    databaseId: organization.databaseId,
    login: organization.login,
    name: organization.name,
    description: organization.description,
    email: organization.email,
    location: organization.location,
    websiteUrl: organization.websiteUrl,
    twitterUsername: null,
    isVerified: index % 4 === 0,
    url: `${SITE_URL}/${organization.login}`,
    resourcePath: `/${organization.login}`,
    avatarUrl: `${SITE_URL}/avatars/${organization.databaseId}`,
    createdAt: isoTime(organization.createdAt),
    updatedAt: isoTime(organization.createdAt),
  };
}

/** Seconds, as GitHub writes times. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A connection whose number is known and whose members are not modelled. */
export function countOnly(field: string, total: number): ConnectionSource<never> {
  return {
    total: () => total,
    at: () => {
      throw problemError("NOT_MODELLED", `The simulator models ${field} by its totalCount only.`);
    },
  };
}

function statusView(person: Person) {
  if (person.status === null) return null;
  return {
    __typename: "UserStatus",
    id: `${accountNodeId(person)}S`,
    message: person.status,
    emoji: ":palm_tree:",
    indicatesLimitedAvailability: person.status.startsWith("On "),
    createdAt: isoTime(person.updatedAt),
    updatedAt: isoTime(person.updatedAt),
    expiresAt: null,
  };
}

function socialAccountsOf(person: Person) {
  if (person.twitterUsername === null) return [];
  return [
    {
      __typename: "SocialAccount",
      provider: "GENERIC",
      displayName: person.twitterUsername,
      url: `https://social.example/@${person.twitterUsername}`,
    },
  ];
}

function employersOf(world: World, person: Person) {
  if (!person.company?.startsWith("@")) return [];
  const organization = world.organizationByLogin(person.company.slice(1));
  return organization === null ? [] : [organizationView(world, organization.index)];
}
