export { createPostgresStore, type PostgresStoreOptions } from "./postgres-store.ts";
export { openPostgresTransfer, type PostgresTransferOptions } from "./postgres-transfer.ts";
