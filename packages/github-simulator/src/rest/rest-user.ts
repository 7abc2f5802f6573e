import { accountNodeId, isoTime } from "../graphql/account-view.ts";
import type { Person } from "../world/person.ts";

/** A user in lists and as an author. */
export function simpleUser(person: Person, apiUrl: string) {
  return {
    login: person.login,
    id: person.databaseId,
    node_id: accountNodeId(person),
    avatar_url: `https://github.example/avatars/${person.databaseId}`,
    url: `${apiUrl}/users/${encodeURIComponent(person.login)}`,
    html_url: `https://github.example/${person.login}`,
    type: person.typename,
    site_admin: false,
  };
}

/** A whole profile. The address is null when it is private, and for callers without a token. */
export function publicUser(person: Person, apiUrl: string, withEmail: boolean) {
  return {
    ...simpleUser(person, apiUrl),
    name: person.name,
    company: person.company,
    blog: person.websiteUrl ?? "",
    location: person.location,
    email: withEmail && person.email !== "" ? person.email : null,
    hireable: person.isHireable ? true : null,
    bio: person.bio,
    twitter_username: person.twitterUsername,
    public_repos: person.databaseId % 90,
    public_gists: person.databaseId % 7,
    followers: person.followers,
    following: person.following,
    created_at: isoTime(person.createdAt),
    updated_at: isoTime(person.updatedAt),
  };
}
