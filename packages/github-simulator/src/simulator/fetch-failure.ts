/** A failure without an answer, as `fetch` reports it: the code is in the cause. */
export function fetchFailure(code: string, message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}
