/**
 * The pieces of a file as text. Nothing is changed on the way: written as UTF-8 again, it is the same bytes.
 * @throws TypeError for bytes that are no UTF-8.
 */
export async function* textOf(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for await (const piece of pieces) {
    const text = typeof piece === "string" ? piece : decoder.decode(piece, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}
