import { Writable } from "node:stream";
import { createTerminal, type Terminal, type TerminalStream } from "../../src/terminal/terminal.ts";
import { createScreen } from "./screen.ts";

/** A terminal without a device: what was written can be looked at. */
export interface FakeTerminal {
  terminal: Terminal;
  /** All that was written to stdout, control codes included. */
  output(): string;
  errors(): string;
  /** Stdout as a screen would show it. */
  screen(): string;
  cursor(): boolean;
  /** Each state that the screen has had. */
  frames(): readonly string[];
  /** Whoever read stdout goes away. */
  hangUp(): void;
}

/** A terminal of so many columns; a pipe without. */
export function createFakeTerminal({
  columns,
  rows = 30,
}: {
  columns?: number;
  rows?: number;
} = {}): FakeTerminal {
  const screen = createScreen();
  const output: string[] = [];
  const errors: string[] = [];
  const frames: string[] = [];
  const stdout = streamInto((text) => {
    output.push(text);
    screen.write(text);
    frames.push(screen.text());
  });
  const stderr = streamInto((text) => errors.push(text));
  if (columns !== undefined) Object.assign(stdout, { isTTY: true, columns, rows });
  return {
    terminal: createTerminal(stdout, stderr),
    output: () => output.join(""),
    errors: () => errors.join(""),
    screen: () => screen.text(),
    cursor: () => screen.cursor(),
    frames: () => frames,
    hangUp: () => void stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
  };
}

function streamInto(take: (text: string) => void): TerminalStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      take(String(chunk));
      done();
    },
  });
  return stream as unknown as TerminalStream;
}
