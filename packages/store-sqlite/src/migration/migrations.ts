import { campaignExports } from "./campaign-exports.ts";
import { firstTables } from "./first-tables.ts";
import { logChainAndConfigText } from "./log-chain-and-config-text.ts";
import type { Migration } from "./migration.ts";
import { secondTables } from "./second-tables.ts";
import { thirdTables } from "./third-tables.ts";

/** Every step of the schema, in order; the version of a database is the number of steps that it has taken. */
export const migrations: readonly Migration[] = [
  firstTables,
  secondTables,
  thirdTables,
  logChainAndConfigText,
  campaignExports,
];
