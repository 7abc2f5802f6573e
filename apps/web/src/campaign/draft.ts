import { type Document, isMap, parseDocument } from "yaml";

/** A config that somebody is writing: YAML text, and what the form shows of it. */
export interface Draft {
  readonly text: string;
  /** Null where the text is no YAML that a form could show. */
  readonly document: Document | null;
}

/** What a person begins with: a campaign against the simulator, which needs nothing. */
export const firstText = `# A simulated GitHub: no token, nobody real. Choose source github for the real one.
name: my-campaign
params:
  language: Go
  stars_range: 100..20000
  activity_days: 90
  target_leads: 150
goal_template: "Find {{ target_leads }} people who keep {{ language }} projects with {{ stars_range }} stars alive"
source:
  type: simulator
  seed: 42
  repositories: 4000
  # Slow enough to watch.
  latency_ms: 250
purpose: A look at what cmo does
basis: Nobody in the simulator exists
`;

/** The draft of a text. */
export function draftOf(text: string): Draft {
  const document = parseDocument(text);
  const isMapping = document.errors.length === 0 && (document.contents === null || isMap(document.contents));
  return { text, document: isMapping ? document : null };
}

/** The draft with another value at a path; undefined takes the key out, and what is then empty too. Comments stay. */
export function withValue({ text, document }: Draft, path: readonly string[], value: unknown): Draft {
  if (document === null) return { text, document };
  const changed = document.clone() as Document;
  if (value === undefined) removeAt(changed, path);
  else {
    // `source: github` is the short form of a mapping with its type.
    const [first, ...more] = path;
    const short: unknown = first === undefined ? null : changed.get(first);
    if (more.length > 0 && typeof short === "string")
      changed.setIn([first], changed.createNode({ type: short }));
    changed.setIn(path, value);
  }
  return draftOf(changed.toString({ lineWidth: 0 }));
}

/** What stands at a path; undefined for nothing. */
export function valueAt({ document }: Draft, path: readonly string[]): unknown {
  if (document === null) return undefined;
  const [first] = path;
  const short: unknown = first === undefined ? undefined : document.get(first);
  if (typeof short === "string" && path.length === 2 && path[1] === "type") return short;
  try {
    const value: unknown = document.getIn(path);
    return isNode(value) ? value.toJSON() : value;
  } catch {
    // On the way stands no mapping.
    return undefined;
  }
}

function isNode(value: unknown): value is { toJSON(): unknown } {
  return typeof value === "object" && value !== null && "toJSON" in value;
}

function removeAt(document: Document, path: readonly string[]): void {
  document.deleteIn(path);
  for (let length = path.length - 1; length > 0; length -= 1) {
    const parent: unknown = document.getIn(path.slice(0, length));
    if (!hasItems(parent) || parent.items.length > 0) return;
    document.deleteIn(path.slice(0, length));
  }
}

function hasItems(value: unknown): value is { readonly items: readonly unknown[] } {
  return typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items);
}
