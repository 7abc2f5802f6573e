export type { RequestLogEntry } from "./client/request-log-entry.ts";
export { type GitHubEndpoints, resolveGitHubEndpoints } from "./endpoint/resolve-github-endpoints.ts";
export { type Exchange, exchange, type Fetch, type FetchInit } from "./http/exchange.ts";
export { createMemoryBoard, createSharedBoard, type QuotaBoard } from "./quota/quota-board.ts";
export { redact } from "./redaction/redact.ts";
export {
  createGitHubAccount,
  createGitHubSource,
  type GitHubAccount,
  type GitHubAccountOptions,
  type GitHubSourceOptions,
} from "./source/create-github-source.ts";
export { tokenDigest } from "./source/email-note.ts";
export { type FoundGitHubToken, findGitHubToken } from "./token/find-github-token.ts";
export { runGhAuthToken } from "./token/run-gh-auth-token.ts";
