/** Counts the records of a CSV that comes in pieces: line ends inside of quotes are part of a cell. */
export interface RecordCounter {
  take(text: string): void;
  /** How many there were, the line of titles included; the last one ends with a line end, as RFC 4180 has it. */
  count(): number;
}

/** A {@link RecordCounter} that has seen nothing. */
export function createRecordCounter(): RecordCounter {
  let count = 0;
  let isQuoted = false;
  return {
    take(text) {
      for (const [sign] of text.matchAll(/["\n]/g)) {
        // A quote in a cell is written twice, and so changes nothing in the end.
        if (sign === '"') isQuoted = !isQuoted;
        else if (!isQuoted) count += 1;
      }
    },
    count: () => count,
  };
}
