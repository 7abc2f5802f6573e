import type { CampaignEstimate, Client, Validation } from "@cmo/client";
import { useEffect, useState } from "preact/hooks";

/** What the server says of a draft. */
export interface Check {
  /** Null while it was not asked. */
  readonly validation: Validation | null;
  readonly estimate: CampaignEstimate | null;
  /** Whether this is about the text as it stands now. */
  readonly isCurrent: boolean;
  /** Why it could not be asked. */
  readonly failure: unknown;
}

/** Who types is not asked for at every letter. */
const restMs = 250;

/** Asks the server about a text whenever it has rested: the very same rules as everywhere, and nothing is started. */
export function useCheck(client: Client, text: string): Check {
  const [check, setCheck] = useState<Check & { readonly text: string | null }>({
    text: null,
    validation: null,
    estimate: null,
    isCurrent: false,
    failure: null,
  });
  useEffect(() => {
    let isLeft = false;
    const timer = setTimeout(async () => {
      try {
        const validation = await client.validate({ config: text });
        const estimate = validation.valid ? await client.estimate({ config: text }) : null;
        if (!isLeft) setCheck({ text, validation, estimate, isCurrent: true, failure: null });
      } catch (failure) {
        if (!isLeft) setCheck((before) => ({ ...before, text, failure }));
      }
    }, restMs);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [client, text]);
  return { ...check, isCurrent: check.text === text && check.failure === null };
}
