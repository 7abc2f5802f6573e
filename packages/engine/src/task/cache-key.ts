import { canonicalJson } from "../json/canonical-json.ts";
import type { TaskCache, TaskItem } from "../port/agent.ts";
import { type Digest, digestText } from "../port/digest.ts";

/** Under what the answer to an item is known to other jobs: 128 bits over everything that it depends on. */
export function taskCacheKey<I>(
  digest: Digest,
  cache: TaskCache<I>,
  kind: string,
  item: TaskItem<I>,
  inputDigest: string,
): string {
  const version = cache.versionOf?.(item) ?? null;
  return digestText(digest, canonicalJson([cache.scope, kind, item.id, inputDigest, version])).slice(0, 32);
}
