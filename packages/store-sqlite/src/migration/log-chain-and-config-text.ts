import type { Migration } from "./migration.ts";

/**
 * The chain over each log, and the config that a job was made from, as it was written. Older rows have none of them: a
 * log that has no head is not in a chain, and a job without a text may have been made from a spec.
 *
 * `log_head` is JSON. `link` stands in the row of the last canonical event of a transaction; a null takes one byte in all
 * the others.
 */
export const logChainAndConfigText: Migration = {
  name: "log chain, config text",
  sql: `
    ALTER TABLE job ADD COLUMN log_head TEXT;
    ALTER TABLE event ADD COLUMN link TEXT;
    ALTER TABLE job_spec ADD COLUMN config_text TEXT;
  `,
};
