import { createHash } from "node:crypto";

/** A digest over lines in their order: each link is the SHA-256 of the link before and the line. */
export interface HashChain {
  add(line: string): void;
  /** How many lines there were. */
  count(): number;
  /** The last link, lower-case hexadecimal. */
  digest(): string;
}

/**
 * A {@link HashChain} without a line. Whoever has the link after a line needs none of the lines before it to check those
 * that follow.
 */
export function createHashChain(): HashChain {
  let link = createHash("sha256").update("cmo-chain-1").digest("hex");
  let lines = 0;
  return {
    add(line) {
      link = createHash("sha256").update(`${link}\n${line}`, "utf8").digest("hex");
      lines += 1;
    },
    count: () => lines,
    digest: () => link,
  };
}

/** The chain over these lines. */
export function hashChain(lines: Iterable<string>): string {
  const chain = createHashChain();
  for (const line of lines) chain.add(line);
  return chain.digest();
}
