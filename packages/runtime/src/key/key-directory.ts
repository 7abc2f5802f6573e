/** What a key may do: a member uses the tenant's campaigns, an operator reads the metrics of the whole server too. */
export type KeyRole = "member" | "operator";

/** A key as it is listed. The secret itself is kept by nobody but its owner. */
export interface ApiKey {
  /** The public part of the key; says which one it is, in logs too. */
  readonly id: string;
  /** Whose campaigns it opens. */
  readonly tenant: string;
  readonly role: KeyRole;
  /** What it is for, in its maker's words. */
  readonly label: string | null;
  /** ISO instant; null for a key of the environment. */
  readonly createdAt: string | null;
  readonly origin: "file" | "environment";
}

/** The keys of a server. Secrets are kept as digests, and compared in constant time. */
export interface KeyDirectory {
  /** The key with this secret, or null. A file that has changed is read again within a second. */
  find(secret: string): ApiKey | null;
  list(): readonly ApiKey[];
}
