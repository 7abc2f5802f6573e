import type { ServedFile } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import type { ApiLink } from "../http/api-link.ts";
import { type OpenAnswer, unreachable } from "../http/exchange.ts";
import { notOurs, successful } from "../http/failed-answer.ts";
import { onAbort } from "../http/on-abort.ts";
import { closable } from "../stream/closable.ts";
import { readPieces } from "../stream/read-pieces.ts";

/**
 * A file as it comes. Its pieces can be taken once, end only when the whole file was there, and throw
 * `api_unreachable` otherwise; leaving them closes the connection. @throws CmoError what the answer tells of.
 */
export async function servedFile(link: ApiLink, answer: OpenAnswer): Promise<ServedFile> {
  const { headers } = await successful(link, answer.response);
  const mediaType = headers.get("content-type") ?? "application/octet-stream";
  // No file of a job is a page: this is somebody's log-in form.
  if (mediaType.startsWith("text/html")) throw notOurs(link, "answered with a web page in place of a file");
  const pieces = closable((signal) => {
    onAbort(signal, () => answer.stop.abort());
    return wholeBody(link, answer);
  });
  return { mediaType, pieces };
}

async function* wholeBody(link: ApiLink, answer: OpenAnswer): AsyncGenerator<Uint8Array, void, undefined> {
  const promised = promisedBytes(answer.response.headers);
  let bytes = 0;
  try {
    for await (const piece of readPieces(link, answer)) {
      bytes += piece.length;
      yield piece;
    }
    if (promised !== null && bytes !== promised) {
      throw unreachable(link, `sent ${bytes} of ${promised} bytes`);
    }
  } catch (thrown) {
    if (!(thrown instanceof CmoError)) throw thrown;
    const hint = "What came is not the whole file: ask for it again.";
    throw new CmoError(thrown.code, thrown.message, { hint });
  }
}

/** How many bytes are to come; null when that is not known, as of a body that was packed for the way. */
function promisedBytes(headers: Headers): number | null {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? null : Number(length);
}
