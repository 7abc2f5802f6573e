/** Texts as patterns of `LIKE` with `\` as its escape: whatever holds one of them. Each once. */
export function likePatterns(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => `%${text.replace(/[\\%_]/g, "\\$&")}%`))];
}
