import { CmoError } from "@cmo/engine";

/**
 * An age in milliseconds: `90d`, `12h`, `30m` or `2w`. @throws CmoError `usage` for anything else, naming `option`.
 */
export function readAge(option: string, text: string): number {
  const found = /^(\d{1,6})([mhdw])$/.exec(text.trim());
  const unit = unitMs[found?.[2] ?? ""];
  if (found !== null && unit !== undefined) return Number(found[1]) * unit;
  throw new CmoError("usage", `${option}: ${JSON.stringify(text)} is no age.`, {
    hint: "Write 90d, 12h, 30m or 2w.",
  });
}

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
