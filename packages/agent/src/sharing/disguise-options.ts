import type { JobSpec } from "@cmo/engine";

/** What a disguise is made of. */
export interface DisguiseOptions {
  readonly spec: Pick<JobSpec, "icp">;
  /**
   * What stands for a text of this kind: lower-case letters and digits, the same for the same text, and nothing that
   * leads back to it.
   */
  pseudonym(kind: string, text: string): string;
  /** As the mail port of the run says it. */
  isReserved(domain: string): boolean;
  isDisposable(domain: string): boolean;
}
