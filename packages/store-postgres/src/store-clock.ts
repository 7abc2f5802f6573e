import type { Clock } from "@cmo/engine";

/**
 * Whose time leases and events get: the database's, so that machines whose clocks are apart agree, or a test's own.
 * Statements have {@link nowSql} with the number of a parameter, and {@link StoreClock.value} for it.
 */
export interface StoreClock {
  value(): number | null;
}

/** Milliseconds since the epoch, as an expression: the parameter, or the database's time where that is null. */
export function nowSql(parameter: number): string {
  return `coalesce($${parameter}::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)`;
}

/** A {@link StoreClock}. */
export function createStoreClock(clock: Pick<Clock, "now"> | null): StoreClock {
  return { value: () => clock?.now() ?? null };
}
