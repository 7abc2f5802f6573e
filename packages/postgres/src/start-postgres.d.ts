/** A real PostgreSQL with an empty database. */
export interface PostgresServer {
  /** Of the database. */
  readonly url: string;
  /** Whether this process runs it, so that it can be brought down. */
  readonly isOwn: boolean;
  /**
   * Ends it as it stands, without a word to anybody (`pg_ctl stop -m immediate`; with SIGKILL not even to its own
   * processes), and starts it again.
   */
  restart(signal?: "SIGQUIT" | "SIGKILL"): Promise<void>;
  stop(): Promise<void>;
}

/** What is different from a server that only has to be quick. */
export interface StartPostgresOptions {
  /** Whether commits are flushed to the disk, as they are where somebody needs them. Default false. */
  readonly durable?: boolean;
}

/**
 * A database in the server that `DATABASE_URL` names, or in one of its own on the loopback, whose files are gone with it.
 */
export function startPostgres(options?: StartPostgresOptions): Promise<PostgresServer>;

/** A name for a schema that nobody else has. */
export function newSchema(): string;
