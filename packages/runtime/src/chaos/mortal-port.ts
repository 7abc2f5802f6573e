import type { Clock, MailPort } from "@cmo/engine";
import type { Fetch } from "@cmo/github";
import { mortalIterable } from "./mortal-iterable.ts";
import type { Mortality } from "./mortality.ts";

/** A network of which each request is an effect. */
export function mortalFetch(fetch: Fetch, mortality: Mortality): Fetch {
  return (url, init) => mortality.effect("http", () => fetch(url, init));
}

/** A clock of which each sleep is an effect. */
export function mortalClock(clock: Clock, mortality: Mortality): Clock {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => mortality.effect("clock.sleep", () => clock.sleep(ms, signal)),
  };
}

/** Mail look-ups of which each is an effect. */
export function mortalMail(mail: MailPort, mortality: Mortality): MailPort {
  return {
    isReserved: (domain) => mail.isReserved(domain),
    lookup: (domain, signal) => mortality.effect("mail.lookup", () => mail.lookup(domain, signal)),
  };
}

/** Writes the pieces to a file, as `writeFileAtomically` does. */
export type WriteFile = (path: string, pieces: AsyncIterable<string>) => Promise<{ bytes: number }>;

/** Files of which each is an effect when it is written, and each piece that is asked for on the way. */
export function mortalWriteFile(writeFile: WriteFile, mortality: Mortality): WriteFile {
  return (path, pieces) =>
    mortality.effect("file.write", () => writeFile(path, mortalIterable(pieces, "file.piece", mortality)));
}
