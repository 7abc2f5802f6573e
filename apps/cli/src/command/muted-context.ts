import type { CommandContext } from "./command-context.ts";

/** A context whose lines can be held back; a list of rows is drawn on the stream itself, and always whole. */
export interface MutedContext {
  readonly context: CommandContext;
  /** Whether lines are held back from now on. They are not written later. */
  set(muted: boolean): void;
}

/** A context that writes as `context` does until it is muted. */
export function createMutedContext(context: CommandContext): MutedContext {
  let muted = false;
  const { terminal } = context;
  const write = async (text: string) => (muted ? undefined : terminal.write(text));
  return {
    context: { ...context, terminal: { ...terminal, write } },
    set(value) {
      muted = value;
    },
  };
}
