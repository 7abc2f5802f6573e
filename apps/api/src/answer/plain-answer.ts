/** What a plain answer was made of. */
interface PlainParts {
  readonly body: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const partsOf = Symbol("the parts of a plain answer");

/**
 * A short text as an answer. It remembers what it was made of, so that a header can be added to it: one that is set on
 * an answer that is made already, or beside it on the socket, has all its headers written the long way.
 */
export function plainAnswer(
  body: string,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  const parts: PlainParts = { body, status, headers };
  return Object.assign(new Response(body, { status, headers }), { [partsOf]: parts });
}

/** A plain answer with one more header; null for an answer that is not plain. */
export function withHeader(answer: Response, name: string, value: string): Response | null {
  const parts: PlainParts | undefined = Reflect.get(answer, partsOf);
  if (parts === undefined) return null;
  const { body, status, headers } = parts;
  return new Response(body, { status, headers: { ...headers, [name]: value } });
}
