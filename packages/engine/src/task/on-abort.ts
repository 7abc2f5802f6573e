const listenersOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when the signal aborts, at once when it has; gives what takes the listener off again. However many
 * listen through here, the signal itself has one listener: some platforms warn of many.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener();
    return () => {};
  }
  const once = () => listener();
  const listeners = listenersOf.get(signal) ?? openListeners(signal);
  listeners.add(once);
  return () => void listeners.delete(once);
}

function openListeners(signal: AbortSignal): Set<() => void> {
  const listeners = new Set<() => void>();
  listenersOf.set(signal, listeners);
  signal.addEventListener("abort", () => {
    for (const listener of [...listeners]) if (listeners.has(listener)) listener();
  });
  return listeners;
}
