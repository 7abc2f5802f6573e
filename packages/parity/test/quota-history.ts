import pg from "pg";

/** A request that may run, as it stands on the board. */
interface HeldSlot {
  readonly id: number;
  readonly resource: "graphql" | "core";
}

interface Bucket {
  readonly reading: { readonly remaining: number } | null;
  readonly resetMs: number;
  readonly pausedUntilMs: number;
}

/** What the fleet knows of a token, as far as it is looked at. */
export interface BoardState {
  readonly held: readonly HeldSlot[];
  readonly buckets: { readonly graphql: Bucket; readonly core: Bucket };
  readonly secondary: { readonly untilMs: number };
}

/** The board after one change; `at` is the database's time, in milliseconds. */
export interface BoardMoment {
  readonly at: number;
  readonly state: BoardState;
}

/** All changes of the boards of tokens in a database, in their order. */
export interface QuotaHistory {
  read(): Promise<readonly BoardMoment[]>;
  close(): Promise<void>;
}

/** Lets the database itself write down what becomes of the boards in the schema `cmo`, from now on. */
export async function keepQuotaHistory(url: string): Promise<QuotaHistory> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE TABLE public.board (id bigint GENERATED ALWAYS AS IDENTITY, at double precision, value text);
    CREATE FUNCTION public.note_board() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO public.board (at, value) VALUES (extract(epoch FROM clock_timestamp()) * 1000, NEW.value);
      RETURN NEW;
    END $$;
    CREATE TRIGGER note_board AFTER UPDATE ON cmo.shared FOR EACH ROW
      WHEN (NEW.name LIKE 'quota:%') EXECUTE FUNCTION public.note_board();
  `);
  return {
    async read() {
      const { rows } = await client.query<{ at: number; value: string }>(
        "SELECT at, value FROM public.board ORDER BY id",
      );
      return rows.map(({ at, value }) => ({ at, state: JSON.parse(value) as BoardState }));
    },
    close: () => client.end(),
  };
}

/** Until when nobody who knows this may start a request; 0 without a limit. */
export function limitOf({ buckets, secondary }: BoardState, resource: "graphql" | "core"): number {
  const { reading, resetMs, pausedUntilMs } = buckets[resource];
  return Math.max(secondary.untilMs, pausedUntilMs, reading !== null && reading.remaining <= 0 ? resetMs : 0);
}
