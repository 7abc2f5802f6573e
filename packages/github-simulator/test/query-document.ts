/** The documents that a campaign asks. */
export const DISCOVER = `query Discover($q:String!,$n:Int!,$after:String){rateLimit{cost remaining resetAt nodeCount}
 search(type:REPOSITORY,query:$q,first:$n,after:$after){repositoryCount pageInfo{hasNextPage endCursor} nodes{...on Repository{
  id databaseId nameWithOwner url description stargazerCount forkCount isArchived isFork isMirror isTemplate pushedAt createdAt
  primaryLanguage{name} licenseInfo{spdxId} repositoryTopics(first:20){nodes{topic{name}}}
  owner{__typename login ...on Organization{name websiteUrl}} defaultBranchRef{name}}}}}`;

export const ACTIVITY = `query Activity($ids:[ID!]!,$since:GitTimestamp!,$n:Int!){nodes(ids:$ids){...on Repository{id defaultBranchRef{target{...on Commit{
  history(first:$n,since:$since){totalCount pageInfo{hasNextPage endCursor} nodes{oid committedDate author{user{id login}}}}}}}}}}`;

export const MAINTAINERS = `query Maint($ids:[ID!]!){nodes(ids:$ids){...on Repository{id releases(first:5){nodes{publishedAt author{id login}}}
  pullRequests(states:MERGED,first:50,orderBy:{field:UPDATED_AT,direction:DESC}){nodes{mergedAt authorAssociation
   author{__typename login ...on User{id}} mergedBy{__typename login ...on User{id}}}}}}}`;

export const PEOPLE = `query People($ids:[ID!]!){nodes(ids:$ids){__typename ...on User{id databaseId login name email company location bio websiteUrl
  twitterUsername isHireable createdAt updatedAt followers{totalCount}}}}`;

export const COUNT = "query Count($q:String!){search(type:REPOSITORY,query:$q,first:1){repositoryCount}}";
