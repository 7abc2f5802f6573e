import { createSocket } from "node:dgram";
import { promises } from "node:dns";
import type { AddressInfo } from "node:net";

/** What the server says of a name: records, no records of the type asked, no such name, a failure, or nothing at all. */
export interface DnsZone {
  [name: string]:
    | { mx?: readonly (readonly [priority: number, exchange: string])[]; a?: string; aaaa?: string }
    | "nxdomain"
    | "servfail"
    | "refused"
    | "silent";
}

/** A name server on the loopback that knows one zone, and a resolver that asks it. */
export interface LoopbackDns {
  resolver: promises.Resolver;
  /** `MX name` for each question, in order. */
  questions: string[];
  close(): void;
}

const types = { 1: "A", 15: "MX", 28: "AAAA" } as const;
const codes = { servfail: 2, nxdomain: 3, refused: 5 } as const;

/** Starts it on a free port. The resolver waits `timeoutMs` for an answer, once. */
export async function openLoopbackDns(zone: DnsZone, timeoutMs = 60_000): Promise<LoopbackDns> {
  const questions: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, sender) => {
    const { name, type, end } = readQuestion(query);
    questions.push(`${types[type as keyof typeof types] ?? type} ${name}`);
    const known = zone[name] ?? "nxdomain";
    if (known === "silent") return;
    const answers = typeof known === "string" ? [] : recordsOf(known, type);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (typeof known === "string" ? codes[known] : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), sender.port, sender.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const resolver = new promises.Resolver({ timeout: timeoutMs, tries: 1 });
  resolver.setServers([`127.0.0.1:${(socket.address() as AddressInfo).port}`]);
  return { resolver, questions, close: () => socket.close() };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function recordsOf(known: Exclude<DnsZone[string], string>, type: number): Buffer[] {
  if (type === 15) {
    return (known.mx ?? []).map(([priority, exchange]) => {
      const rank = Buffer.alloc(2);
      rank.writeUInt16BE(priority);
      return record(type, Buffer.concat([rank, nameBytes(exchange)]));
    });
  }
  if (type === 1 && known.a !== undefined) return [record(type, Buffer.from(known.a.split(".").map(Number)))];
  if (type === 28 && known.aaaa !== undefined) return [record(type, Buffer.alloc(16, 1))];
  return [];
}

function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}
