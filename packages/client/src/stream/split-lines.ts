/** So much of a line may wait for its end, in bytes. */
const longestLineBytes = 16 * 1024 * 1024;

/** Thrown by {@link createLineSplitter}'s function for bytes that are no lines of text. */
export class LineFault extends Error {
  override readonly name = "LineFault";
}

/**
 * Gives a function that takes the next bytes and gives the lines that end in them, without their ends. Lines are cut
 * before they are decoded, so that a letter may come in pieces. What never ends is never given. It throws a
 * {@link LineFault} for a line that is too long or not UTF-8.
 */
export function createLineSplitter(mostBytes = longestLineBytes): (piece: Uint8Array) => readonly string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  return (piece) => {
    const end = piece.lastIndexOf(lineFeed);
    if (end === -1) {
      keep(piece);
      return [];
    }
    // The first of them is as long as what waited for it and its own part.
    keep(piece.subarray(0, piece.indexOf(lineFeed)));
    rest.push(piece.subarray(piece.indexOf(lineFeed), end));
    const lines = decode(joined(rest)).split("\n");
    rest = [];
    restBytes = 0;
    keep(piece.subarray(end + 1));
    return lines;
  };

  function keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    rest.push(bytes);
    restBytes += bytes.length;
    if (restBytes > mostBytes) throw new LineFault(`a line of more than ${mostBytes} bytes`);
  }

  function decode(bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes);
    } catch {
      throw new LineFault("bytes that are not UTF-8");
    }
  }
}

const lineFeed = 10;

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
