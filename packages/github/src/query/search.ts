import type { RepositoryQuery, RepositoryRecord } from "@cmo/engine";
import * as v from "valibot";
import { rateLimitSelection } from "./rate-limit.ts";

/** Repositories that match a query; topics are the only connection inside. */
export const searchDocument = `query Search($query:String!,$first:Int!,$after:String){
${rateLimitSelection}
search(type:REPOSITORY,query:$query,first:$first,after:$after){
repositoryCount
pageInfo{hasNextPage endCursor}
nodes{__typename ...on Repository{
id nameWithOwner url description stargazerCount forkCount
isArchived isFork isMirror isTemplate isEmpty pushedAt createdAt
primaryLanguage{name}
repositoryTopics(first:20){nodes{topic{name}}}
owner{__typename login ...on Organization{name websiteUrl}}
}}}}`;

/** The data of an answer to {@link searchDocument}. */
export const searchDataSchema = v.object({
  search: v.object({
    repositoryCount: v.number(),
    pageInfo: v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
    nodes: v.nullable(v.array(v.nullable(v.looseObject({ __typename: v.string() })))),
  }),
});

const text = v.nullable(v.string());

/** A repository among the nodes of an answer to {@link searchDocument}. */
export const searchNodeSchema = v.object({
  id: v.string(),
  nameWithOwner: v.string(),
  url: v.string(),
  description: text,
  stargazerCount: v.number(),
  forkCount: v.number(),
  isArchived: v.boolean(),
  isFork: v.boolean(),
  isMirror: v.boolean(),
  isTemplate: v.boolean(),
  isEmpty: v.boolean(),
  pushedAt: text,
  createdAt: v.string(),
  primaryLanguage: v.nullable(v.object({ name: v.string() })),
  repositoryTopics: v.object({
    nodes: v.nullable(v.array(v.nullable(v.object({ topic: v.object({ name: v.string() }) })))),
  }),
  owner: v.object({
    __typename: v.string(),
    login: v.string(),
    name: v.optional(text, null),
    websiteUrl: v.optional(text, null),
  }),
});

/**
 * The text of a search. The order is explicit, since pages of an unordered search overlap and miss; private
 * repositories that the token happens to see are left out.
 */
export function searchText(query: RepositoryQuery): string {
  const { min, max } = query.stars;
  return [
    query.language === null ? [] : `language:${quoted(query.language)}`,
    query.topic === null ? [] : `topic:${quoted(query.topic)}`,
    `stars:${max === null ? `>=${min}` : `${min}..${max}`}`,
    `pushed:>=${query.pushedSince}`,
    query.created === null ? [] : `created:${query.created.from}..${query.created.to}`,
    "is:public",
    "sort:stars-desc",
  ]
    .flat()
    .join(" ");
}

/** A node of the search as a repository. */
export function toRepositoryRecord(node: v.InferOutput<typeof searchNodeSchema>): RepositoryRecord {
  const isOrganization = node.owner.__typename === "Organization";
  return {
    id: node.id,
    name: node.nameWithOwner,
    url: node.url,
    description: node.description?.trim() || null,
    stars: node.stargazerCount,
    forks: node.forkCount,
    isArchived: node.isArchived,
    isFork: node.isFork,
    isMirror: node.isMirror,
    isTemplate: node.isTemplate,
    isEmpty: node.isEmpty,
    pushedAt: node.pushedAt,
    createdAt: node.createdAt,
    language: node.primaryLanguage?.name ?? null,
    topics: (node.repositoryTopics.nodes ?? []).flatMap((entry) => entry?.topic.name ?? []),
    owner: {
      type: isOrganization ? "organization" : "user",
      login: node.owner.login,
      name: node.owner.name?.trim() || null,
      websiteUrl: node.owner.websiteUrl?.trim() || null,
    },
  };
}

/** A value cannot add qualifiers of its own: whatever is not plain is quoted, and there is no way out of the quotes. */
function quoted(value: string): string {
  return /^[\w.+#-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "")}"`;
}
