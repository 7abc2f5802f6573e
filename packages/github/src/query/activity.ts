import * as v from "valibot";
import { rateLimitSelection } from "./rate-limit.ts";

/**
 * Commits in a window and the accounts they are linked to. Name and e-mail of a commit's author are never asked for:
 * only of the linked account, what identifies it.
 */
const historySelection = "pageInfo{hasNextPage endCursor} nodes{committedDate author{user{id login}}}";

/** The first page of the histories of up to 100 repositories. */
export const activityDocument = `query Activity($ids:[ID!]!,$since:GitTimestamp!,$first:Int!){
${rateLimitSelection}
nodes(ids:$ids){__typename ...on Repository{id defaultBranchRef{target{__typename ...on Commit{
history(first:$first,since:$since){${historySelection}}
}}}}}}`;

/** Later pages of `count` histories at once: an alias, `id` and `after` for each. */
export function activityPagesDocument(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const variables = indexes.map((index) => `$id${index}:ID!,$after${index}:String!`).join(",");
  const pages = indexes.map(
    (index) =>
      `r${index}:node(id:$id${index}){__typename ...on Repository{id defaultBranchRef{target{__typename ...on Commit{
history(first:$first,since:$since,after:$after${index}){${historySelection}}
}}}}}`,
  );
  return `query ActivityPages($since:GitTimestamp!,$first:Int!,${variables}){
${rateLimitSelection}
${pages.join("\n")}}`;
}

/** What a node that is no repository has, and every repository too. */
export const activityNodeSchema = v.variant("__typename", [
  v.object({
    __typename: v.literal("Repository"),
    id: v.string(),
    defaultBranchRef: v.nullable(
      v.object({
        target: v.nullable(
          v.object({
            history: v.optional(
              v.object({
                pageInfo: v.object({ hasNextPage: v.boolean(), endCursor: v.nullable(v.string()) }),
                nodes: v.nullable(
                  v.array(
                    v.nullable(
                      v.object({
                        committedDate: v.string(),
                        author: v.nullable(
                          v.object({ user: v.nullable(v.object({ id: v.string(), login: v.string() })) }),
                        ),
                      }),
                    ),
                  ),
                ),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
  v.object({ __typename: v.pipe(v.string(), v.notValue("Repository")) }),
]);
