/** An answer as far as its bytes have come. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  /** What has come of the body, without its chunks' frames. */
  readonly body: Buffer;
  /** Whether the body has its end. */
  readonly whole: boolean;
}

/** Reads the bytes of an HTTP/1.1 answer, however many of them there are; null before its head is there. */
export function readRawAnswer(bytes: Buffer): RawAnswer | null {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const head = bytes.subarray(0, headEnd).toString("latin1");
  const status = Number(head.split(" ")[1]);
  const rest = bytes.subarray(headEnd + 4);
  if (!/^transfer-encoding: *chunked/im.test(head)) return { status, head, body: rest, whole: false };
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd === -1) return { status, head, body: Buffer.concat(parts), whole: false };
    const size = Number.parseInt(rest.subarray(at, lineEnd).toString("latin1"), 16);
    if (size === 0) return { status, head, body: Buffer.concat(parts), whole: true };
    const start = lineEnd + 2;
    parts.push(rest.subarray(start, start + size));
    if (start + size + 2 > rest.length) return { status, head, body: Buffer.concat(parts), whole: false };
    at = start + size + 2;
  }
}
