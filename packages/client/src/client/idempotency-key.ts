import { CmoError, type Random } from "@cmo/engine";

/** The key that a submit is made with: the caller's, or one of its own, so that it may be made again. */
export function idempotencyKeyOf(given: string | undefined, random: Random): string {
  if (given === undefined) return Array.from({ length: 4 }, () => word(random)).join("");
  if (/^[\x21-\x7e]{1,255}$/.test(given)) return given;
  throw new CmoError("usage", "The idempotency key is not 1 to 255 visible ASCII characters.");
}

function word(random: Random): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
}
