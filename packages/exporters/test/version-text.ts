/** The number of pieces of one version. */
export const piecesOfVersion = 5;

/** One version of a file, in pieces of 100,000 characters; every line names the version. */
export async function* versionPieces(version: number): AsyncGenerator<string> {
  for (let piece = 0; piece < piecesOfVersion; piece++)
    yield `version ${version}\n`.padEnd(20, " ").repeat(5000);
}

/** The whole of one version. */
export async function versionText(version: number): Promise<string> {
  let text = "";
  for await (const piece of versionPieces(version)) text += piece;
  return text;
}
