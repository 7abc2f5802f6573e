// Readers of streams in a process of their own: bare sockets that count bytes. Told what to do by messages.
import { connect } from "node:net";

const sockets = [];
let ended = 0;
let bytes = 0;
const lags = [];
let onEnded = () => {};

process.on("message", async ({ call, args = [] }) => {
  try {
    process.send({ result: await commands[call](...args) });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
process.once("disconnect", () => process.exit());
process.send({ result: {} });

const commands = {
  /** Opens readers; resolves when each has the beginning of its answer. `how`: read, stall, or measure. */
  async open(port, path, count, how) {
    for (let index = 0; index < count; index += 50) {
      await Promise.all(Array.from({ length: Math.min(50, count - index) }, () => open(port, path, how)));
    }
  },
  /** Resolves when all that read have the end of their answers. */
  async ended() {
    const reading = sockets.filter(({ how }) => how !== "stall").length;
    while (ended < reading) {
      await new Promise((resolve) => {
        onEnded = resolve;
      });
    }
    return { bytes, lags: lags.toSorted((left, right) => left - right) };
  },
  async close() {
    for (const { socket } of sockets) socket.destroy();
  },
};

function open(port, path, how) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    sockets.push({ socket, how });
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    socket.once("data", (first) => {
      if (!first.toString("latin1", 0, 15).startsWith("HTTP/1.1 200")) reject(new Error(first.toString()));
      if (how === "stall") socket.pause();
      resolve();
    });
    socket.on("data", (piece) => {
      bytes += piece.length;
      if (how === "measure") measure(piece);
    });
    socket.once("end", () => {
      ended += 1;
      onEnded();
    });
  });
}

const mark = / at (\d+) /g;

function measure(piece) {
  const now = process.hrtime.bigint();
  for (const [, at] of piece.toString("latin1").matchAll(mark)) lags.push(Number(now - BigInt(at)) / 1e6);
}
