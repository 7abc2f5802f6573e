/** Collects items and hands them on at most once for each frame that the browser draws. */
export interface FrameBatch<T> {
  add(item: T): void;
  /** Hands on what is there at once. */
  flush(): void;
  close(): void;
}

/** In a page that nobody sees the browser draws no frames; then it is as often as this. */
const hiddenMs = 250;

/** A batch that is handed to `apply`. */
export function createFrameBatch<T>(apply: (items: readonly T[]) => void): FrameBatch<T> {
  let items: T[] = [];
  let cancel: (() => void) | null = null;

  function flush(): void {
    cancel?.();
    cancel = null;
    if (items.length === 0) return;
    const taken = items;
    items = [];
    apply(taken);
  }

  return {
    add(item) {
      items.push(item);
      cancel ??= document.hidden ? later(flush) : nextFrame(flush);
    },
    flush,
    close() {
      cancel?.();
      items = [];
    },
  };
}

function later(run: () => void): () => void {
  const timer = setTimeout(run, hiddenMs);
  return () => clearTimeout(timer);
}

function nextFrame(run: () => void): () => void {
  const frame = requestAnimationFrame(run);
  // A page that is hidden meanwhile gets no frame.
  const timer = setTimeout(run, hiddenMs);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
