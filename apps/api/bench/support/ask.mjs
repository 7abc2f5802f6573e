import { connect } from "node:net";

/**
 * Asks a server on loopback for a path over some connections, one request at a time on each, and gives how many
 * answers came. Throws for an answer that is not 200.
 */
export async function ask({ port, path, connections, forMs, headers = {} }) {
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const until = performance.now() + forMs;
  const counts = await Promise.all(Array.from({ length: connections }, () => askOn(port, request, until)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function askOn(port, request, until) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    let count = 0;
    let missing = 0;
    let head = "";
    socket.on("data", (bytes) => {
      if (missing > 0) missing -= bytes.length;
      else {
        head += bytes.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end === -1) return;
        if (!head.startsWith("HTTP/1.1 200")) return void socket.destroy(new Error(head.slice(0, 300)));
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        missing = length - (head.length - end - 4);
        head = "";
      }
      if (missing > 0) return;
      count += 1;
      if (performance.now() < until) socket.write(request);
      else {
        socket.end();
        resolve(count);
      }
    });
    socket.on("error", reject);
  });
}
