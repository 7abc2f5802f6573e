import type { ServedFile } from "@cmo/contract";
import type { Log } from "@cmo/runtime";
import type { Context } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import { dataHeaders } from "../security/security-headers.ts";

/**
 * A file as an answer, to be saved under its name. What goes wrong before its first piece is thrown, so that it becomes
 * a problem document; after that the connection is cut, which is the one way to say that a file is not whole.
 */
export async function fileAnswer(
  context: Context<ApiEnv>,
  file: ServedFile,
  { name, log }: { readonly name: string; readonly log: Log },
): Promise<Response> {
  const pieces = file.pieces[Symbol.asyncIterator]();
  const first = await pieces.next();
  const headers = {
    ...dataHeaders,
    "Content-Type": file.mediaType,
    "Content-Disposition": dispositionOf(name),
  };
  if (context.req.method === "HEAD") {
    await pieces.return?.();
    return new Response(null, { headers });
  }
  const onFailure = (error: unknown) =>
    log.error("a file broke off", { stack: error instanceof Error ? error.stack : String(error) });
  return new Response(streamOf(pieces, first, { context, onFailure }), { headers });
}

/** Pieces are gathered into writes of about this size. */
const writeBytes = 32_768;

function streamOf(
  pieces: AsyncIterator<Uint8Array | string>,
  first: IteratorResult<Uint8Array | string>,
  { context, onFailure }: { context: Context<ApiEnv>; onFailure: (error: unknown) => void },
): ReadableStream<Uint8Array> {
  let next: IteratorResult<Uint8Array | string> | null = first;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const gathered: Uint8Array[] = [];
          let bytes = 0;
          while (bytes < writeBytes) {
            const { done, value } = next ?? (await pieces.next());
            next = null;
            if (done === true) {
              if (bytes > 0) controller.enqueue(Buffer.concat(gathered));
              controller.close();
              return;
            }
            const piece = typeof value === "string" ? Buffer.from(value) : value;
            gathered.push(piece);
            bytes += piece.byteLength;
          }
          controller.enqueue(Buffer.concat(gathered));
        } catch (error) {
          onFailure(error);
          cut(controller, error, context);
        }
      },
      async cancel() {
        // The reader has gone away: whoever makes the pieces stops, and gives back what it holds.
        await pieces.return?.();
      },
    },
    // Nothing is made ahead of what the socket takes.
    { highWaterMark: 0 },
  );
}

function cut(controller: ReadableStreamDefaultController, error: unknown, context: Context<ApiEnv>): void {
  const outgoing = context.env?.outgoing;
  if (outgoing === undefined) {
    controller.error(error);
    return;
  }
  // An erroring stream would be written to the console, with whatever its error says.
  outgoing.destroy();
  controller.close();
}

function dispositionOf(name: string): string {
  const plain = name.replace(/[^\w.-]/g, "_");
  return `attachment; filename="${plain}"`;
}
