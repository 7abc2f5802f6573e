import { StringDecoder } from "node:string_decoder";
import { bundleError } from "../format/bundle-error.ts";

/** The lines of a stream of UTF-8, without their ends. @throws CmoError `bundle_invalid` for one that is longer than may be. */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  longest: number,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let begun = "";
  for await (const piece of pieces) {
    const lines = (begun + decoder.write(Buffer.from(piece))).split("\n");
    begun = lines.pop() ?? "";
    if (begun.length > longest) throw tooLong(name, longest);
    for (const line of lines) {
      if (line.length > longest) throw tooLong(name, longest);
      yield line;
    }
  }
  begun += decoder.end();
  if (begun !== "") throw bundleError(`${name} ends in the middle of a line.`);
}

function tooLong(name: string, longest: number) {
  return bundleError(`${name} holds a line of more than ${longest} characters.`);
}
