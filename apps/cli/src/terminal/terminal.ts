import { writeSync } from "node:fs";
import { type AnswerStream, type Ask, createAsk } from "./ask.ts";

/** A stream that text goes to: the slice of `process.stdout` that is used here. */
export type TerminalStream = NodeJS.WriteStream;

/** Where the program writes. */
export interface Terminal {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  /** Whether stdout is a terminal. */
  isTty(): boolean;
  /** Columns of the terminal; 0 when it does not say. */
  columns(): number;
  /** Writes to stdout, and waits while its reader is behind. Writes nothing once the reader is gone. */
  write(text: string): Promise<void>;
  /** Writes to stderr. */
  writeError(text: string): void;
  /** Aborts when whoever read stdout is gone (`| head -1`). */
  readonly closed: AbortSignal;
  /** Resolves when all that was written is on its way. */
  flush(): Promise<void>;
  /** See {@link Ask}. */
  readonly ask: Ask;
  /** Makes the cursor visible, at once and past everything that is buffered. For a hard exit. */
  restore(): void;
}

/**
 * A {@link Terminal} over two streams, and one that answers come from. A reader that has gone is no error; without
 * `stdin` nobody answers.
 */
export function createTerminal(
  stdout: TerminalStream,
  stderr: TerminalStream,
  stdin: AnswerStream | null = null,
): Terminal {
  const closed = new AbortController();
  stdout.on("error", () => closed.abort());
  stderr.on("error", () => {});

  return {
    stdout,
    stderr,
    isTty: () => stdout.isTTY === true,
    columns: () => stdout.columns ?? 0,
    closed: closed.signal,
    ask: stdin === null ? async () => null : createAsk(stdin, { stderr }),
    async write(text) {
      if (closed.signal.aborted) return;
      if (!stdout.write(text)) await untilDrained(stdout, closed.signal);
    },
    writeError(text) {
      stderr.write(text);
    },
    async flush() {
      await Promise.all([stdout, stderr].map((stream) => writtenOut(stream)));
    },
    restore() {
      if (stdout.isTTY !== true) return;
      try {
        writeSync(stdoutFile, "\u001B[?25h");
      } catch {
        // The terminal is gone; there is no cursor to show.
      }
    },
  };
}

function untilDrained(stream: TerminalStream, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      closed.removeEventListener("abort", done);
      resolve();
    };
    stream.on("drain", done);
    closed.addEventListener("abort", done);
  });
}

function writtenOut(stream: TerminalStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored !== null) resolve();
    else stream.write("", () => resolve());
  });
}

const stdoutFile = 1;
