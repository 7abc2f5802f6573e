import { createServer, type Server } from "node:http";
import { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { ApiEnv } from "../../../src/index.ts";
import { type RawAnswer, readRawAnswer } from "./raw-answer.ts";

/** The client's side of a socket that no network is behind. */
export interface FakeSocket {
  /** Nothing is taken from now on; the server's buffer fills. */
  stall(): void;
  go(): void;
  /** Goes away at once. */
  leave(): void;
  answer(): RawAnswer | null;
  /** How many bytes have come. */
  received(): number;
  /** Resolves when the server has closed it. */
  readonly closed: Promise<void>;
  /** Bytes that the server has written and nobody has taken yet. */
  heldBytes(): number;
}

/** A server that listens nowhere: connections are put into it. */
export interface FakeNetwork {
  connect(path: string, headers?: Readonly<Record<string, string>>): FakeSocket;
  close(): void;
}

/** The real adapter and Node's HTTP over {@link FakeSocket}s, which hold little, so that they are full soon. */
export function createFakeNetwork(app: Hono<ApiEnv>, highWaterMark = 512): FakeNetwork {
  const server: Server = createServer(getRequestListener((request, env) => app.fetch(request, env)));
  const sockets = new Set<Duplex>();
  return {
    connect(path, headers = {}) {
      const pieces: Buffer[] = [];
      let received = 0;
      let held: (() => void) | null = null;
      let stalled = false;
      const socket = new Duplex({
        highWaterMark,
        read() {},
        write(piece: Buffer, _encoding, done) {
          pieces.push(piece);
          received += piece.byteLength;
          if (stalled) held = done;
          else setImmediate(done);
        },
        final(done) {
          done();
          setImmediate(() => socket.destroy());
        },
      });
      sockets.add(socket);
      const closed = new Promise<void>((resolve) => {
        socket.once("close", () => {
          sockets.delete(socket);
          resolve();
        });
      });
      socket.on("error", () => {});
      server.emit("connection", socket);
      const lines = Object.entries({ Host: "127.0.0.1", Connection: "close", ...headers });
      socket.push(
        `GET ${path} HTTP/1.1\r\n${lines.map(([name, text]) => `${name}: ${text}\r\n`).join("")}\r\n`,
      );
      return {
        stall() {
          stalled = true;
        },
        go() {
          stalled = false;
          const done = held;
          held = null;
          done?.();
        },
        leave: () => void socket.destroy(),
        received: () => received,
        answer: () => readRawAnswer(Buffer.concat(pieces)),
        closed,
        heldBytes: () => socket.writableLength,
      };
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
