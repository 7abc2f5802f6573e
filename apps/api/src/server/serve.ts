import { toCmoError } from "@cmo/engine";
import { createRedaction, type Environment, type Host, type Log, openLog } from "@cmo/runtime";
import { openServer } from "./open-server.ts";
import { runServer } from "./run-server.ts";
import { type ServeOptions, serveSettings } from "./serve-options.ts";

/** What a server runs on. */
export interface ServeContext {
  readonly host: Host;
  /** Stops the server. */
  readonly signal: AbortSignal;
  /** Takes the lines of the log; standard error, say. */
  write(text: string): void;
  /** Whether these lines go to somebody's terminal. Default false. */
  readonly isTerminal?: boolean;
  /** Hears of the address once there is one. */
  onListening?(url: string): void;
}

/**
 * Serves until `signal` aborts, and gives the exit code: 0; 1 when something failed or stopping took too long; 2 when
 * the server cannot be what it was asked to be, such as on a port that is taken. Never throws.
 */
export async function serve(options: ServeOptions, context: ServeContext): Promise<number> {
  // For what is wrong with the log itself.
  let log = logOf(context, {});
  try {
    log = logOf(context, context.host.env);
    const settings = serveSettings(options, context.host);
    const opened = await openServer(settings, context.host, log);
    context.onListening?.(opened.listening.url);
    return await runServer(opened, settings, { log, signal: context.signal });
  } catch (thrown) {
    const error = toCmoError(thrown);
    log.error(error.message, {
      code: error.code,
      hint: error.hint,
      ...(error.code === "internal" && thrown instanceof Error ? { stack: thrown.stack } : {}),
    });
    return setUpErrors.has(error.code) ? 2 : 1;
  }
}

/** Errors that somebody has to see to before another start. A port that is taken is a conflict. */
const setUpErrors: ReadonlySet<string> = new Set([
  "usage",
  "config_invalid",
  "config_unreadable",
  "conflict",
]);

function logOf({ host, write, isTerminal = false }: ServeContext, env: Environment): Log {
  const { redact } = createRedaction(host.env);
  return openLog({ env, isTerminal, write, now: () => host.clock.now(), redact });
}
