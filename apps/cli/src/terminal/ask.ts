import { createInterface } from "node:readline";
import type { Terminal } from "./terminal.ts";

/** The slice of `process.stdin` that a question is answered through. */
export type AnswerStream = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Asks whoever sits at the terminal; gives null when nobody does, or they end the input. */
export type Ask = (question: string) => Promise<string | null>;

/** Asks on stderr, so that stdout holds nothing but the result. */
export function createAsk(stdin: AnswerStream, { stderr }: Pick<Terminal, "stderr">): Ask {
  return async (question) => {
    if (stdin.isTTY !== true || stderr.isTTY !== true) return null;
    const lines = createInterface({ input: stdin, output: stderr });
    try {
      return await new Promise<string | null>((resolve) => {
        lines.once("close", () => resolve(null));
        lines.once("SIGINT", () => resolve(null));
        lines.question(question, resolve);
      });
    } finally {
      lines.close();
    }
  };
}
