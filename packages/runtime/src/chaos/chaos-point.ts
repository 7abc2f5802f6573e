import { type LastEffect, type Moment, moments } from "./mortality.ts";
import { seededRandom } from "./seeded-random.ts";

/** A place in a campaign at which its process ends. */
export interface ChaosPoint extends LastEffect {
  /** What kind of effect it is. */
  readonly kind: string;
}

/** Which points are wanted. */
export interface ChaosSelection {
  /** Default: both. */
  readonly moments?: readonly Moment[];
  /** Only each n-th effect. Default: 1. */
  readonly every?: number;
  /** At most so many points, or all of them. Default: see {@link choosePoints}. */
  readonly points?: number | "all";
  /** Which ones are taken, when not all are. */
  readonly seed: number;
}

/**
 * The points of a campaign with these effects, in order. When nothing else is said, all of them for a campaign of up to
 * 500 effects; of a greater one so many, evenly spread, that the effects of all runs together are about as many as
 * there, but at least 50. A spread selection begins with the first point of each kind.
 */
export function choosePoints(kinds: readonly string[], selection: ChaosSelection): ChaosPoint[] {
  const { every = 1, points = affordable(kinds.length) } = selection;
  const all = possiblePoints(kinds, selection.moments).filter(({ effect }) => effect % every === 0);
  if (points === "all" || all.length <= points) return all;
  const chosen = new Set(firstOfEachKind(all).slice(0, points));
  const others = all.filter((point) => !chosen.has(point));
  const wanted = points - chosen.size;
  const phase = seededRandom(`${selection.seed} points`)();
  for (let taken = 0; taken < wanted; taken += 1) {
    const point = others[Math.floor(((taken + phase) * others.length) / wanted)];
    if (point !== undefined) chosen.add(point);
  }
  return all.filter((point) => chosen.has(point));
}

/** All points of a campaign with these effects, in order. */
export function possiblePoints(kinds: readonly string[], wanted: readonly Moment[] = moments): ChaosPoint[] {
  return kinds.flatMap((kind, index) => wanted.map((moment) => ({ effect: index + 1, moment, kind })));
}

/** Every run goes through all effects: the time it takes goes with their square. */
function affordable(effects: number): number | "all" {
  return effects <= allUpTo ? "all" : Math.max(leastPoints, Math.floor((2 * allUpTo ** 2) / effects));
}

const allUpTo = 500;
const leastPoints = 50;

function firstOfEachKind(points: readonly ChaosPoint[]): ChaosPoint[] {
  const first = new Map<string, ChaosPoint>();
  for (const point of points) if (!first.has(point.kind)) first.set(point.kind, point);
  return [...first.values()];
}
