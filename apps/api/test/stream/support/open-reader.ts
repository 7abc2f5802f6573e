import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { vi } from "vitest";

/** One who reads a stream over a socket of its own. */
export interface StreamReader {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** What has come so far. */
  text(): string;
  /** Stops and goes on taking what comes. */
  pause(): void;
  resume(): void;
  /** Resolves when the stream has ended; false when it was cut off. */
  readonly ended: Promise<boolean>;
  /** Resolves with the text when it is as wanted. */
  until(holds: (text: string) => boolean): Promise<string>;
  leave(): void;
}

/** Asks for a stream; resolves when the head of the answer is there. */
export function openReader(
  url: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<StreamReader> {
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request(url, { method, headers, agent: false });
    asked.once("error", reject);
    asked.once("response", (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      const ended = new Promise<boolean>((settle) => {
        answer.once("end", () => settle(true));
        answer.once("close", () => settle(answer.complete));
        answer.on("error", () => settle(false));
        asked.on("error", () => settle(false));
      });
      const text = () => Buffer.concat(pieces).toString();
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        text,
        pause: () => void answer.pause(),
        resume: () => void answer.resume(),
        ended,
        until: (holds) =>
          vi.waitUntil(() => (holds(text()) ? text() : false), { timeout: 60_000, interval: 5 }),
        leave: () => void asked.destroy(),
      });
    });
    asked.end();
  });
}

/** Asks for a stream and reads it to its end. */
export async function readWhole(
  url: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ readonly status: number; readonly text: string }> {
  const reader = await openReader(url, { method, headers });
  if (!(await reader.ended)) throw new Error("The stream was cut off.");
  return { status: reader.status, text: reader.text() };
}
