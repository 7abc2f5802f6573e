import { bundleError } from "./bundle-error.ts";

/** The lines of a stream of UTF-8, without their ends. @throws CmoError `bundle_invalid` for one that is longer than may be. */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  longest: number,
): AsyncGenerator<string, void, undefined> {
  // A mark of byte order is a character as any other: a digest of lines counts it.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let begun = "";
  for await (const piece of pieces) {
    const lines = (begun + decoder.decode(piece, { stream: true })).split("\n");
    begun = lines.pop() ?? "";
    if (begun.length > longest) throw tooLong(name, longest);
    for (const line of lines) {
      if (line.length > longest) throw tooLong(name, longest);
      yield line;
    }
  }
  begun += decoder.decode();
  if (begun !== "") throw bundleError(`${name} ends in the middle of a line.`);
}

function tooLong(name: string, longest: number) {
  return bundleError(`${name} holds a line of more than ${longest} characters.`);
}
