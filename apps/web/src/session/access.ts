import { CmoError } from "@cmo/engine";
import { type ReadonlySignal, signal } from "@preact/signals";

/** The key that opens the server, if it wants one. It is kept in this tab, and gone with it. */
export interface Access {
  readonly key: ReadonlySignal<string | null>;
  /** What the server said when it let nobody in; null while it does. */
  readonly refusal: ReadonlySignal<CmoError | null>;
  use(key: string): void;
  forget(): void;
  /** Looks whether an error is a refusal, and says so. */
  notice(error: unknown): boolean;
}

const place = "cmo.key";

/** Reads and keeps the key in the storage of the tab. */
export function createAccess(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">): Access {
  const key = signal(storage.getItem(place));
  const refusal = signal<CmoError | null>(null);
  return {
    key,
    refusal,
    use(text) {
      storage.setItem(place, text);
      refusal.value = null;
      key.value = text;
    },
    forget() {
      storage.removeItem(place);
      refusal.value = null;
      key.value = null;
    },
    notice(error) {
      if (!(error instanceof CmoError) || error.code !== "api_refused") return false;
      refusal.value = error;
      return true;
    },
  };
}
