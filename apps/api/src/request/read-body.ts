import type { Context } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import { RequestRefused } from "./request-refused.ts";

/** A body's text with its media type, without parameters and in lower case. */
export interface BodyText {
  readonly mediaType: string;
  readonly text: string;
}

/** What a request's body must be. */
export interface BodyOptions {
  /** Media types that are taken. */
  readonly accepted: readonly string[];
  /** At most so many bytes. */
  readonly limitBytes: number;
}

/**
 * Reads the body of a request as text. @throws RequestRefused `usage`: 415 for a media type that is not taken, or a
 * body that is packed; 413 for one that is too large, without reading on; 400 for one that is no UTF-8.
 */
export async function readBody(context: Context<ApiEnv>, options: BodyOptions): Promise<BodyText> {
  const mediaType = mediaTypeOf(context, options.accepted);
  const bytes = await readBytes(context, options.limitBytes);
  try {
    return { mediaType, text: utf8.decode(bytes) };
  } catch {
    throw new RequestRefused("usage", "The body is no UTF-8.", { hint: "Send text in UTF-8." });
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function mediaTypeOf(context: Context<ApiEnv>, accepted: readonly string[]): string {
  const [mediaType = "", ...parameters] = (context.req.header("content-type") ?? "")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every(
    (parameter) => !/^charset=/.test(parameter) || /^charset="?utf-?8"?$/.test(parameter),
  );
  const coding = (context.req.header("content-encoding") ?? "identity").trim().toLowerCase();
  if (accepted.includes(mediaType) && isUtf8 && coding === "identity") return mediaType;
  throw new RequestRefused("usage", "The body is not of a type that is taken here.", {
    status: 415,
    hint: `Send it with Content-Type: ${accepted.join(", or ")}; in UTF-8, and not packed.`,
    problems: [{ path: ["Content-Type"], message: `must be ${accepted.join(", or ")}` }],
    headers: { "Accept-Post": accepted.join(", ") },
  });
}

async function readBytes(context: Context<ApiEnv>, limitBytes: number): Promise<Uint8Array> {
  const { raw } = context.req;
  const announced = context.req.header("content-length");
  if (announced !== undefined && Number(announced) > limitBytes) throw tooLarge(limitBytes);
  try {
    // Node lets through no more than was announced.
    if (announced !== undefined && context.env?.incoming !== undefined) {
      return new Uint8Array(await raw.arrayBuffer());
    }
    return await readStream(raw.body, limitBytes);
  } catch (error) {
    if (error instanceof RequestRefused) throw error;
    throw new RequestRefused("usage", "The body did not come to its end.");
  }
}

async function readStream(body: ReadableStream<Uint8Array> | null, limitBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return Buffer.concat(pieces);
    bytes += value.byteLength;
    if (bytes > limitBytes) {
      await reader?.cancel().catch(() => {});
      throw tooLarge(limitBytes);
    }
    pieces.push(value);
  }
}

function tooLarge(limitBytes: number): RequestRefused {
  return new RequestRefused("usage", `The body is larger than ${limitBytes} bytes.`, {
    status: 413,
    problems: [{ path: [], message: `must be at most ${limitBytes} bytes` }],
  });
}
