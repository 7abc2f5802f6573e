/** The kinds of things that have a global node id here. */
export type NodeKind =
  | "user"
  | "bot"
  | "organization"
  | "repository"
  | "commit"
  | "ref"
  | "topic"
  | "language"
  | "license"
  | "pullRequest"
  | "release";

/** What a node id names: a thing by its kind and number, for parts of a repository with the part's number. */
export interface NodeReference {
  kind: NodeKind;
  index: number;
  part: number;
}

/** A global id in the style of the real ones: a prefix that tells the type, and opaque base64url. */
export function encodeNodeId(kind: NodeKind, index: number, part = 0): string {
  const bytes = Buffer.alloc(10);
  bytes[0] = 0x93;
  bytes[1] = KIND_CODES[kind];
  bytes.writeUInt32BE((index ^ INDEX_MASK) >>> 0, 2);
  bytes.writeUInt32BE((part ^ index ^ PART_MASK) >>> 0, 6);
  return `${PREFIXES[kind]}_${bytes.toString("base64url")}`;
}

/** What an id names, or null when no such id was ever given out. */
export function decodeNodeId(id: string): NodeReference | null {
  const split = id.indexOf("_");
  const kind = KINDS_BY_PREFIX.get(id.slice(0, split));
  if (split < 1 || kind === undefined) return null;
  const bytes = Buffer.from(id.slice(split + 1), "base64url");
  if (bytes.length !== 10) return null;
  const index = (bytes.readUInt32BE(2) ^ INDEX_MASK) >>> 0;
  const part = (bytes.readUInt32BE(6) ^ index ^ PART_MASK) >>> 0;
  return encodeNodeId(kind, index, part) === id ? { kind, index, part } : null;
}

const INDEX_MASK = 0x5a17c3;
const PART_MASK = 0x1d2e3f;

const PREFIXES: Record<NodeKind, string> = {
  user: "U",
  bot: "BOT",
  organization: "O",
  repository: "R",
  commit: "C",
  ref: "REF",
  topic: "T",
  language: "LANG",
  license: "LI",
  pullRequest: "PR",
  release: "RE",
};

const KIND_CODES: Record<NodeKind, number> = {
  user: 1,
  bot: 2,
  organization: 3,
  repository: 4,
  commit: 5,
  ref: 6,
  topic: 7,
  language: 8,
  license: 9,
  pullRequest: 10,
  release: 11,
};

const KINDS_BY_PREFIX: ReadonlyMap<string, NodeKind> = new Map(
  (Object.keys(PREFIXES) as NodeKind[]).map((kind) => [PREFIXES[kind], kind] as const),
);
