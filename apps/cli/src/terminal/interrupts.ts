/** What a person or the system says to stop the program. */
export interface Interrupts {
  /** Aborts at the first interrupt. */
  readonly signal: AbortSignal;
}

/** The slice of `process` that says when to stop. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
}

/** The first interrupt asks the command to stop; `quit` is called at the second, and must not come back. */
export function createInterrupts(source: SignalSource, quit: () => void): Interrupts {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) quit();
    else controller.abort();
  };
  source.on("SIGINT", interrupt);
  source.on("SIGTERM", interrupt);
  source.on("SIGHUP", interrupt);
  return { signal: controller.signal };
}
