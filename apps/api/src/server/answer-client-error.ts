import type { Duplex } from "node:stream";
import { problemDocumentOf, problemMediaType } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import { dataHeaders } from "../security/security-headers.ts";

/** Answers what could not be read as HTTP, or did not come in time, and closes the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, reason, message } = answers[error.code ?? ""] ?? unreadable;
  const body = JSON.stringify(problemDocumentOf(new CmoError("usage", message), { status }));
  const headers = {
    "Content-Type": problemMediaType,
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    ...dataHeaders,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n${body}`);
}

const unreadable = { status: 400, reason: "Bad Request", message: "This is no HTTP request." };

const answers: Readonly<Record<string, typeof unreadable>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: "Request Header Fields Too Large",
    message: "The headers are too large.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: "Request Timeout",
    message: "The request took too long to come.",
  },
};
