import fc from "fast-check";
import type { DocumentOperation } from "../../src/document/operations-of.ts";

/** A request that nobody should make. */
export interface HostileInput {
  readonly method: string;
  /** With its query; as it goes on the wire. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

/** What must never come back in a refusal, in whatever field it went in: things that look like secrets. */
export const secrets = [
  "ghp_canary7f3aCanary7f3aCanary7f3aCanary7f3a",
  "cmo_canary0001_canary7f3acanary7f3acanary7f3acanary7f3a",
  "canary7f3a.person@works.example",
] as const;

const nastyTexts = [
  "",
  " ",
  "\0",
  "../../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "__proto__",
  "constructor",
  "NaN",
  "1e999",
  "-0",
  "9".repeat(60),
  "\u202Etxt\u2066",
  "𝕏".repeat(300),
  "a".repeat(5_000),
  "'; DROP TABLE job;--",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "true",
  "0",
  "1",
  "null",
  "=1+1",
  "2030-02-31T99:99:99Z",
  "2030-01-31T12:00:00.000Z",
  ...secrets,
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...nastyTexts) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);

const nastyValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  [],
  {},
  [[[[]]]],
  { a: { b: { c: {} } } },
];
const value = fc.oneof(text, fc.constantFrom(...nastyValues), fc.jsonValue({ maxDepth: 4 }));

/** Replaces, adds or takes out something of an example, so that most of it is still right. */
function mutated(example: unknown): fc.Arbitrary<unknown> {
  return fc
    .array(fc.tuple(fc.nat(), text, value, fc.constantFrom("set", "add", "drop")), { maxLength: 3 })
    .map((changes) => {
      let copy: unknown = structuredClone(example);
      for (const [where, key, drawn, how] of changes) {
        // What is drawn may be drawn again, and must not be changed by then.
        const replacement = structuredClone(drawn);
        const places = placesOf(copy);
        const place = places[where % places.length];
        if (place === undefined) copy = replacement;
        else if (how === "set") Reflect.set(place.owner, place.key, replacement);
        else if (how === "drop") Reflect.deleteProperty(place.owner, place.key);
        else
          Object.defineProperty(place.owner, key, {
            value: replacement,
            enumerable: true,
            configurable: true,
          });
      }
      return copy;
    });
}

function placesOf(value: unknown): { owner: object; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [{ owner: value, key }, ...placesOf(item)]);
}

const rawBodies = [
  "",
  "{",
  '{"config":',
  "[".repeat(50_000),
  '{"a":'.repeat(20_000),
  `{"config":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
  '{"__proto__":{"polluted":true}}',
  '{"config":{"constructor":{"prototype":{"polluted":true}}}}',
  '{"config":{"params":{"target_leads":1e999}}}',
  '{"entries":["\\ud800"]}',
  '{"entries":["\\u0000"]}',
  "null",
  "0",
  '"text"',
  "&a [*a,*a]",
  "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]",
  "name: !!js/function 'x'",
  "\uFEFF{}",
];

function bodyOf(example: unknown): fc.Arbitrary<Uint8Array | null> {
  const json = (made: unknown) => Buffer.from(JSON.stringify(made) ?? "");
  return fc.oneof(
    { weight: 6, arbitrary: mutated(example).map(json) },
    { weight: 2, arbitrary: value.map(json) },
    { weight: 2, arbitrary: fc.constantFrom(...rawBodies).map((raw) => Buffer.from(raw)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

/** What is known of a server, so that some inputs come further than its door. */
export interface HostileFacts {
  readonly jobIds: readonly string[];
  readonly logins: readonly string[];
  /** Headers with which a caller is let in. */
  readonly key: readonly [string, string];
}

/** Requests around an operation: most with the right method and a key, and with something wrong in any part. */
export function hostileInput(
  { method, path, operation }: DocumentOperation,
  facts: HostileFacts,
): fc.Arbitrary<HostileInput> {
  const parameters = (operation.parameters ?? []).filter((parameter) => "name" in parameter);
  const names = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const known: Readonly<Record<string, readonly string[]>> = { id: facts.jobIds, login: facts.logins };
  const segment = (name: string) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...(known[name] ?? ["x"])) },
      { weight: 2, arbitrary: text.map(percentEncoded) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("%", "%ff%fe", "%00", "%2e%2e%2f", "..;", "a%2fb", "%c0%af", "*", ":id"),
      },
    );
  const target = fc
    .tuple(
      ...path
        .split("/")
        .map((part) => (part.startsWith("{") ? segment(part.slice(1, -1)) : fc.constant(part))),
    )
    .map((parts) => parts.join("/"));
  const query = fc.array(
    fc.tuple(
      fc.oneof(
        { weight: 4, arbitrary: names.length > 0 ? fc.constantFrom(...names) : fc.constant("x") },
        { weight: 1, arbitrary: text.map(percentEncoded) },
      ),
      text.map(percentEncoded),
    ),
    { maxLength: 3 },
  );
  const content =
    operation.requestBody !== undefined && "content" in operation.requestBody
      ? operation.requestBody.content
      : {};
  const example = content["application/json"]?.example ?? {};
  const mediaType = fc.oneof(
    { weight: 6, arbitrary: fc.constant("application/json") },
    { weight: 2, arbitrary: fc.constantFrom("application/yaml", "text/yaml") },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "text/plain",
        "application/json; charset=latin1",
        "multipart/form-data",
        "x",
        "application/json, text/html",
      ),
    },
  );
  const more = fc.array(
    fc.constantFrom<readonly [string, string]>(
      ["Idempotency-Key", "k"],
      ["Idempotency-Key", "a b"],
      ["Idempotency-Key", "x".repeat(400)],
      ["Last-Event-ID", "-1"],
      ["Last-Event-ID", "abc"],
      ["Accept", "application/x-ndjson"],
      ["Accept", "*/*;q=0"],
      ["X-Request-Id", secrets[0]],
      ["Content-Encoding", "gzip"],
      ["Origin", "https://elsewhere.test"],
      ["X-HTTP-Method-Override", "DELETE"],
      ["X-Forwarded-Host", "elsewhere.test"],
    ),
    { maxLength: 2 },
  );
  const who = fc.oneof(
    { weight: 12, arbitrary: fc.constant([facts.key]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom([], [["Authorization", `Bearer ${secrets[1]}`]], [["X-API-Key", ""]]),
    },
  ) as fc.Arbitrary<readonly (readonly [string, string])[]>;
  return fc
    .record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(method) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("HEAD", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"),
        },
      ),
      target,
      query,
      mediaType,
      more,
      who,
      body: bodyOf(example),
    })
    .map((made) => ({
      method: made.method,
      target:
        made.query.length === 0
          ? made.target
          : `${made.target}?${made.query.map((pair) => pair.join("=")).join("&")}`,
      headers: [...made.who, ["Content-Type", made.mediaType], ...made.more],
      body: made.method === "GET" || made.method === "HEAD" ? null : made.body,
    }));
}

/** For an operation that takes a body: every body that is known to be nasty, and nothing else wrong. */
export function nastyBodies(
  { method, path, operation }: DocumentOperation,
  { key }: HostileFacts,
): HostileInput[] {
  if (operation.requestBody === undefined) return [];
  return ["application/json", "application/yaml"].flatMap((type) =>
    rawBodies.map((raw) => ({
      method,
      target: path,
      headers: [key, ["Content-Type", type]] as const,
      body: Buffer.from(raw),
    })),
  );
}

/** As `encodeURIComponent`, also for text that is no Unicode. */
function percentEncoded(raw: string): string {
  return [...Buffer.from(raw)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}
