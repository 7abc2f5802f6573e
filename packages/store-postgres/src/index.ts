export type { Migration } from "./migration/migration.ts";
export { migrations } from "./migration/migrations.ts";
export { createPostgresStore, type PostgresStoreOptions } from "./postgres-store.ts";
export { openPostgresTransfer, type PostgresTransferOptions } from "./postgres-transfer.ts";
