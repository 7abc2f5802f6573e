export { createSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
export { openSqliteTransfer, type SqliteTransferOptions } from "./sqlite-transfer.ts";
export { createTemporaryStore, type TemporaryStoreOptions } from "./temporary-store.ts";
