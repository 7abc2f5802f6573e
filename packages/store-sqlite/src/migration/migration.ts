/** One step of the schema. Once released it is never changed: what comes later is a step of its own. */
export interface Migration {
  /** For people who look into the ledger. */
  readonly name: string;
  /** Statements, separated by semicolons. */
  readonly sql: string;
}
