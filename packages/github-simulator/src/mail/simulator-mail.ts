/** What a domain answers when it is asked for mail. */
export type SimulatedMailAnswer = "ok" | "weak" | "no_mail" | "unknown";

/** Mail of the imaginary world: no look-up leaves the process. */
export interface SimulatorMail {
  /** Whether nobody can have an address there: local names, bare hosts, and the well-known example domains. */
  isReserved(domain: string): boolean;
  /** `.example` receives mail; `.test`, `.invalid` and all domains outside the world do not. Never rejects. */
  lookup(domain: string, signal?: AbortSignal): Promise<SimulatedMailAnswer>;
  /** Domains asked for so far, in order. */
  readonly lookups: readonly string[];
}

/** How mail behaves. */
export interface SimulatorMailOptions {
  /** No name server can be reached: every answer is `unknown`. */
  outage?: boolean;
  /** What certain domains answer instead. */
  domains?: Readonly<Record<string, SimulatedMailAnswer>>;
}

export function createSimulatorMail(options: SimulatorMailOptions = {}): SimulatorMail {
  const lookups: string[] = [];
  return {
    lookups,
    isReserved(domain) {
      const name = normalise(domain);
      return (
        !name.includes(".") || /\.(localhost|local)$/.test(name) || /(^|\.)example\.(com|net|org)$/.test(name)
      );
    },
    lookup: (domain, signal) => {
      const name = normalise(domain);
      lookups.push(name);
      if (options.outage || signal?.aborted) return Promise.resolve("unknown");
      const scripted = options.domains?.[name];
      if (scripted !== undefined) return Promise.resolve(scripted);
      return Promise.resolve(name.endsWith(".example") ? "ok" : "no_mail");
    },
  };
}

function normalise(domain: string): string {
  return domain.toLowerCase().replace(/\.$/, "");
}
