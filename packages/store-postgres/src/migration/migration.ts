/** One step of the schema. Once released it is never changed: what comes later is a step of its own. */
export interface Migration {
  /** For people who look into the ledger. */
  readonly name: string;
  /** Statements, separated by semicolons; tables are written as `@.job`. */
  readonly sql: string;
  /**
   * The oldest step after which a version of cmo that knows no later one may go on using the schema: a step that only
   * adds says the one before it. Default: this one, so that older versions refuse.
   */
  readonly compatibleFrom?: number;
}
