import type { Digest, Store } from "@cmo/engine";
import { createSharedBoard, type QuotaBoard, tokenDigest } from "@cmo/github";

/**
 * The board of one token at one host, kept in a store: processes that use the same store share the token's slots, wait
 * together when one of them meets a limit, and do not spend the last points twice. Nothing of the token but a digest
 * is stored.
 */
export function createStoreQuotaBoard(
  store: Pick<Store, "updateShared">,
  { apiUrl, token, digest }: { apiUrl: string; token: string; digest: Digest },
): QuotaBoard {
  const name = `quota:${new URL(apiUrl).host}:${tokenDigest(digest, token)}`;
  return createSharedBoard((decide) => store.updateShared(name, decide));
}
