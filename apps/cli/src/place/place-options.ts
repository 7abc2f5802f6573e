/** Where the jobs are that a command is about, as it was told. */
export interface PlaceOptions {
  /** `memory`, `disk` or a file; see `resolveStoreLocation`. */
  store?: string;
  /** The address of an API. */
  apiBase?: string;
  /** A file with the key that the API wants; a key on the command line would show in the list of processes. */
  apiKeyFile?: string;
}
