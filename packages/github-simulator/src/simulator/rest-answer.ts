import { hashText, hex32 } from "../random/hash.ts";
import { encodeNodeId } from "../world/node-id.ts";
import type { SimulatedAnswer } from "./answer.ts";
import { plainOutcome } from "./decisive-answer.ts";
import type { Exchange, Outcome, SimulatorParts } from "./request-handler.ts";

/** Answers a REST request that no limit refused. What has not changed is answered 304 and costs nothing. */
export function answerRest(parts: SimulatorParts, exchange: Exchange): Outcome {
  const { request, url, target, session, effect, nowMs, resource } = exchange;
  const { account } = session;
  const answer = parts.rest.handle(request.method, target.path, url.searchParams, {
    anonymous: session.token === null,
    viewer: parts.viewer,
    apiUrl: target.apiUrl,
    isVanished: effect.disturbance.isVanished,
    isEmptied: (repository) => effect.disturbance.isEmptied(encodeNodeId("repository", repository.index)),
    buckets: () => ({
      core: account.bucket("core").state(nowMs),
      search: account.bucket("search").state(nowMs),
      graphql: account.bucket("graphql").state(nowMs),
    }),
  });
  const tagged = answer.status === 200 && resource === "core" ? withTag(answer, session.token) : answer;
  const tag = tagged.headers.etag;
  const asked =
    request.headers
      .get("if-none-match")
      ?.split(",")
      .map((text) => text.trim()) ?? [];
  if (tag !== undefined && asked.includes(tag)) {
    return plainOutcome({ status: 304, headers: { etag: tag }, body: null });
  }
  if (resource !== null) account.bucket(resource).charge(1, nowMs);
  return plainOutcome(request.method === "HEAD" ? { ...tagged, body: null } : tagged);
}

/** Tags differ from token to token, as GitHub's do. */
function withTag(answer: SimulatedAnswer, token: string | null): SimulatedAnswer {
  const text = `${token ?? ""}\n${answer.body ?? ""}`;
  const etag = `W/"${hex32(hashText(text))}${hex32(hashText(`${text.length}${text}`))}"`;
  return {
    ...answer,
    headers: { ...answer.headers, etag, "cache-control": "private, max-age=60, s-maxage=60" },
  };
}
