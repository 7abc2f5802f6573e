import type { ServedFile } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import type { ApiLink } from "../http/api-link.ts";
import { type OpenAnswer, unreachable } from "../http/exchange.ts";
import { notOurs, successful } from "../http/failed-answer.ts";
import { readPieces, silent } from "../stream/read-pieces.ts";

/**
 * A file as it comes. Its pieces can be taken once, end only when the whole file was there, and throw
 * `api_unreachable` otherwise; leaving them closes the connection. @throws CmoError what the answer tells of.
 */
export async function servedFile(link: ApiLink, { response, stop }: OpenAnswer): Promise<ServedFile> {
  const { headers, body } = await successful(link, response);
  const mediaType = headers.get("content-type") ?? "application/octet-stream";
  // No file of a job is a page: this is somebody's log-in form.
  if (mediaType.startsWith("text/html")) throw notOurs(link, "answered with a web page in place of a file");
  return { mediaType, pieces: wholeBody(link, { headers, body, stop }) };
}

async function* wholeBody(
  link: ApiLink,
  {
    headers,
    body,
    stop,
  }: { headers: Headers; body: ReadableStream<Uint8Array> | null; stop: AbortController },
): AsyncGenerator<Uint8Array, void, undefined> {
  const promised = promisedBytes(headers);
  let bytes = 0;
  try {
    if (body !== null) {
      for await (const piece of readPieces(body, { ...link, stop })) {
        bytes += piece.length;
        yield piece;
      }
    }
  } catch (thrown) {
    if (thrown instanceof CmoError) throw thrown;
    throw cut(
      link,
      thrown === silent ? `was silent for ${link.silenceMs / 1_000} s` : "broke the connection",
    );
  }
  if (promised !== null && bytes !== promised) throw cut(link, `sent ${bytes} of ${promised} bytes`);
}

/** How many bytes are to come; null when that is not known, as of a body that was packed for the way. */
function promisedBytes(headers: Headers): number | null {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? null : Number(length);
}

function cut(link: ApiLink, what: string): CmoError {
  const { code, message } = unreachable(link, `${what} in the middle of a file`);
  return new CmoError(code, message, { hint: "What came is not the whole file: ask for it again." });
}
