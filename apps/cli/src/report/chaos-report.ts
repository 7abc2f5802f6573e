import { formatDuration } from "@cmo/engine";
import type { ChaosBeginning, ChaosProgress, ChaosVerdict } from "@cmo/runtime";
import { clockText } from "../view/clock-text.ts";
import { countText } from "../view/count-text.ts";
import type { Paint } from "../view/paint.ts";
import { table } from "../view/table.ts";

/** What is said before the first crash: the undisturbed run, and how much of it will be covered. */
export function openingReport(beginning: ChaosBeginning, file: string): string {
  const { campaign, notes, effects, points, store, seed } = beginning;
  const { status, leads, contactable, requests, durationMs } = campaign;
  const every = points.chosen === points.possible;
  const covered = every
    ? `all ${countText(points.possible)}`
    : `${countText(points.chosen)} of ${countText(points.possible)}, evenly spread; --points all takes them all`;
  return [
    `${file}, on ${store === "sqlite" ? "a SQLite file" : "a store in memory"}, seed ${seed}`,
    ...(campaign.standIn
      ? ["  Its source is GitHub: a simulated one stands in for it, and nothing is asked of GitHub."]
      : []),
    `  undisturbed  ${status}: ${countText(leads)} leads, ${countText(contactable)} of them contactable`,
    `               ${countText(requests)} requests, ${formatDuration(durationMs)} of its own time, ${countText(effects)} effects`,
    `  points       ${covered}`,
    ...(leads === 0 ? ["  There are no leads in this world: the comparison says little."] : []),
    ...notes.map((note) => `  ${note}`),
    "",
    "",
  ].join("\n");
}

/** Texts that show how far a chaos run is. */
export interface ChaosProgressText {
  /** What to write at a point: the line anew on a terminal, a line at each tenth elsewhere; often nothing. */
  at(progress: ChaosProgress): string;
  /** What to write before anything else is. */
  end(): string;
}

/** How {@link createChaosProgress} writes. */
export interface ChaosProgressOptions {
  /** Whether a line can be written over. */
  redraw: boolean;
  columns: () => number;
  now: () => number;
}

/** A {@link ChaosProgressText}. */
export function createChaosProgress({ redraw, columns, now }: ChaosProgressOptions): ChaosProgressText {
  const begun = now();
  let drawn = Number.NEGATIVE_INFINITY;
  let tenth = -1;
  return {
    at({ ordinal, of, point, differing }) {
      const time = now();
      const done = ordinal - 1;
      const left = done < leastPoints ? "" : `, ${clockText(((time - begun) / done) * (of - done))} left`;
      const place = `${point.moment} ${point.kind} (effect ${countText(point.effect)})`;
      const different = differing === 0 ? "" : `, ${differing} differ`;
      const line = `point ${countText(ordinal)} of ${countText(of)}${left}${different}: ${place}`;
      if (redraw) {
        if (time - drawn < redrawMs) return "";
        drawn = time;
        return `\r\u001B[K${line.slice(0, Math.max(0, columns() - 1))}`;
      }
      const reached = Math.floor((done * 10) / of);
      if (reached === tenth) return "";
      tenth = reached;
      return `${line}\n`;
    },
    end: () => (redraw && drawn >= 0 ? "\r\u001B[K" : ""),
  };
}

/** What a chaos run found out, for people. */
export function chaosReport(
  verdict: ChaosVerdict,
  { emoji, paint }: { emoji: boolean; paint: Paint },
): string {
  const kinds = table(
    [{ title: "kind of effect" }, { title: "effects", align: "right" }, { title: "points", align: "right" }],
    verdict.kinds.map(({ kind, effects, points }) => [kind, countText(effects), countText(points)]),
  );
  return `${kinds}\n${differencesText(verdict)}${verdictText(verdict, { emoji, paint })}\n`;
}

function verdictText(
  { verdict, points, differing, extraRequests }: ChaosVerdict,
  { emoji, paint }: { emoji: boolean; paint: Paint },
): string {
  const { covered, possible, chosen } = points;
  const at =
    covered === possible
      ? `all ${countText(covered)} points`
      : `${countText(covered)} of ${countText(possible)} points`;
  const cost = `at most ${extraRequests} extra ${extraRequests === 1 ? "request" : "requests"}`;
  switch (verdict) {
    case "identical":
      return paint.good(`${emoji ? "✔ " : ""}Identical at ${at}, ${cost}.`);
    case "different": {
      const crashes = differing.filter(({ point }) => point !== null).length;
      const rest = covered < chosen ? ` Stopped after ${countText(covered)} of ${countText(chosen)}.` : "";
      const where =
        crashes === 0 ? "in a second undisturbed run" : `at ${crashes} of ${countText(covered)} points`;
      return paint.bad(`${emoji ? "✖ " : ""}Different ${where}.${rest}`);
    }
    case "unfinished":
      return paint.busy(
        `${emoji ? "⚠ " : ""}Interrupted: identical at ${countText(covered)} of ${countText(chosen)} points, ${cost}.`,
      );
    default:
      return verdict satisfies never;
  }
}

function differencesText({ differing }: ChaosVerdict): string {
  return differing
    .map(({ point, differences }) => {
      const place =
        point === null
          ? "undisturbed, a second time"
          : `ended ${point.moment} effect ${countText(point.effect)}, ${point.kind}`;
      const lines = differences.map(
        ({ part, place: what, expected, found }) =>
          `  ${part}: ${what}\n    expected  ${expected ?? "nothing"}\n    got       ${found ?? "nothing"}\n`,
      );
      return `${place}\n${lines.join("")}\n`;
    })
    .join("");
}

const leastPoints = 5;
const redrawMs = 100;
