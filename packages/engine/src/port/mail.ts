/**
 * What is known of a domain's mail: `ok` (has MX), `weak` (no MX but an address, RFC 5321 section 5.1), `no_mail` (a
 * null MX, RFC 7505, or no such domain), `unknown` (the look-up failed: never a reason to reject).
 */
export type MailAnswer = "ok" | "weak" | "no_mail" | "unknown";

/** Answers whether domains receive mail. Says nothing about mailboxes, and never connects to a mail server. */
export interface MailPort {
  /** Whether nobody can have an address there (RFC 2606, RFC 6761). */
  isReserved(domain: string): boolean;
  /**
   * Resolves to `unknown` on any failure, also when the signal aborts; never rejects. `domain` is in lower case and may
   * hold letters of any script.
   */
  lookup(domain: string, signal?: AbortSignal): Promise<MailAnswer>;
}
