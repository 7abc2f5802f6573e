import type { Lead } from "@cmo/engine";
import type { JSX } from "preact";

/** The parts of a score, in their order. */
export const scoreParts = [
  ["fit", "scoreFit"],
  ["activity", "scoreActivity"],
  ["reachability", "scoreReachability"],
] as const satisfies readonly (readonly [string, keyof Lead])[];

/** A score as its three parts side by side, each as wide as its points. A part below zero has no width. */
export function ScoreBar({ lead }: { readonly lead: Lead }): JSX.Element {
  const whole = Math.max(
    100,
    scoreParts.reduce((sum, [, key]) => sum + Math.max(0, lead[key]), 0),
  );
  return (
    <span class="score-bar" aria-hidden="true">
      {scoreParts.map(([name, key]) => (
        <span
          key={name}
          class={`score-${name}`}
          style={{ width: `${(Math.max(0, lead[key]) / whole) * 100}%` }}
        />
      ))}
    </span>
  );
}
