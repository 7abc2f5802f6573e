import { CmoError } from "@cmo/engine";

/** A number of things from 1 to 1,000. @throws CmoError `usage`. */
export function pageSizeOf(limit: number | undefined, otherwise: number): number {
  const size = limit ?? otherwise;
  if (Number.isInteger(size) && size >= 1 && size <= 1_000) return size;
  throw new CmoError("usage", "A page holds 1 to 1000.", {
    problems: [{ path: ["limit"], message: "must be a whole number from 1 to 1000" }],
  });
}
