import type { Migration } from "./migration.ts";

/**
 * The chain over each log, and the config that a job was made from, as it was written. Older rows have none of them. A
 * version that does not know of them may go on: what it appends is behind the head of the chain, and known by that.
 *
 * `log_head` is JSON. `link` stands in the row of the last canonical event of a transaction.
 */
export const logChainAndConfigText: Migration = {
  name: "log chain, config text",
  sql: `
    ALTER TABLE @.job ADD COLUMN log_head text;
    ALTER TABLE @.event ADD COLUMN link text;
    ALTER TABLE @.job_spec ADD COLUMN config_text text;
  `,
  compatibleFrom: 1,
};
