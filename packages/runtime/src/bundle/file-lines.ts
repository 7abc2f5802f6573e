import { createReadStream } from "node:fs";
import { CmoError } from "@cmo/engine";

/** A file does not have the form that it should have; the message says what is wrong with it. */
export class WrongForm extends Error {}

/**
 * The lines of a file with their ends (`\n`; the last one may have none), in memory that does not grow with it.
 * @throws WrongForm for what is no UTF-8, and for a line that is longer than any of a run; CmoError `not_found` for a
 * file that cannot be read.
 */
export async function* fileLines(path: string): AsyncGenerator<string, void, undefined> {
  let begun = "";
  for await (const piece of textOf(path)) {
    const lines = piece.split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      yield `${begun}${line}\n`;
      begun = "";
    }
    begun += last;
    if (begun.length > longestLine) throw new WrongForm("it holds a line that no file of a run has");
  }
  if (begun !== "") yield begun;
}

/** In characters. */
export const longestLine = 16 * 1024 ** 2;

async function* textOf(path: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    for await (const bytes of createReadStream(path)) yield decoded(decoder, bytes);
  } catch (error) {
    if (error instanceof WrongForm) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CmoError("not_found", `${path} cannot be read (${code ?? message}).`, { cause: error });
  }
  yield decoded(decoder);
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (error) {
    throw new WrongForm("it is no UTF-8", { cause: error });
  }
}
