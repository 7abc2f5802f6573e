import type { PersonProfile } from "@cmo/engine";
import * as v from "valibot";
import { rateLimitSelection } from "./rate-limit.ts";

/** Profiles of up to 100 people; with their published address where the token may read it this way. */
export function peopleDocument(withEmail: boolean): string {
  return `query People($ids:[ID!]!){
${rateLimitSelection}
nodes(ids:$ids){__typename ...on User{
id databaseId login name ${withEmail ? "email " : ""}company location bio status{message}
websiteUrl twitterUsername isHireable followers{totalCount} url createdAt updatedAt
}}}`;
}

const text = v.nullable(v.string());

/** A person among the nodes of an answer to {@link peopleDocument}. */
export const personNodeSchema = v.object({
  id: v.string(),
  databaseId: v.nullable(v.number()),
  login: v.string(),
  name: text,
  email: v.optional(text, null),
  company: text,
  location: text,
  bio: text,
  status: v.nullable(v.object({ message: text })),
  websiteUrl: text,
  twitterUsername: text,
  isHireable: v.boolean(),
  followers: v.object({ totalCount: v.number() }),
  url: v.string(),
  createdAt: v.string(),
  updatedAt: v.string(),
});

/** A node of {@link peopleDocument}. */
export type PersonNode = v.InferOutput<typeof personNodeSchema>;

/** The public profile of the REST API, as far as it is read: its address, and who it is about. */
export const restUserSchema = v.object({ id: v.number(), login: v.string(), email: v.optional(text, null) });

/** A node as a profile. GitHub writes "nothing" as `""` in one place and as null in another; here it is null. */
export function toPersonProfile(node: PersonNode, fetchedAt: string): PersonProfile {
  const email = written(node.email);
  return {
    id: node.id,
    login: node.login,
    name: written(node.name),
    email,
    emailSource: email === null ? null : "github.user.email",
    company: written(node.company),
    location: written(node.location),
    bio: written(node.bio),
    status: written(node.status?.message ?? null),
    websiteUrl: written(node.websiteUrl),
    twitterUsername: written(node.twitterUsername),
    isHireable: node.isHireable,
    followers: node.followers.totalCount,
    profileUrl: node.url,
    createdAt: node.createdAt,
    updatedAt: node.updatedAt,
    fetchedAt,
  };
}

/** A text that says something, without space around it; else null. */
export function written(value: string | null): string | null {
  return value?.trim() || null;
}
