import type { EstimateGrounds } from "./estimate-grounds.ts";
import type { RunPace } from "./run-pace.ts";
import type { WorkForecast } from "./work-forecast.ts";

/**
 * The share of the work left, 0 to 1, that a run may do before its `max_requests` or `max_points` are used up: it ends
 * there with what it has.
 */
export function allowedShare(
  { requests, points }: RunPace,
  { requestsLeft, pointsLeft }: WorkForecast,
  { mostRequests, mostPoints }: EstimateGrounds,
): number {
  return Math.min(shareOf(mostRequests, requests, requestsLeft), shareOf(mostPoints, points, pointsLeft));
}

function shareOf(most: number | null, spent: number, left: number): number {
  if (most === null || spent + left <= most) return 1;
  return left > 0 ? Math.max(0, most - spent) / left : 1;
}
