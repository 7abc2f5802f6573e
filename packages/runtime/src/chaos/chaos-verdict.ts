import type { JobStatus } from "@cmo/engine";
import type { ChaosDifference } from "./chaos-difference.ts";
import type { ChaosPoint } from "./chaos-point.ts";

/** A point at which the campaign did not come to the same; null for a second run that nothing disturbed. */
export interface DifferingPoint {
  readonly point: ChaosPoint | null;
  readonly differences: readonly ChaosDifference[];
}

/** What a chaos run found out. */
export interface ChaosVerdict {
  /** `unfinished`: interrupted before all chosen points were covered, and identical so far. */
  readonly verdict: "identical" | "different" | "unfinished";
  /** The undisturbed run. */
  readonly campaign: {
    readonly name: string;
    readonly status: JobStatus | null;
    readonly leads: number;
    readonly contactable: number;
    readonly requests: number;
    /** How long it took by its own time. */
    readonly durationMs: number;
    /** Whether the simulator stood in for the source that the config names. */
    readonly standIn: boolean;
  };
  /** What in the config may make a difference that is no fault, in words. */
  readonly notes: readonly string[];
  readonly store: "sqlite" | "memory";
  readonly seed: number;
  /** How many effects the undisturbed run has. */
  readonly effects: number;
  /** Of the points there are, those that were chosen, and those that the run came to. */
  readonly points: { readonly possible: number; readonly chosen: number; readonly covered: number };
  /** By kind of effect, the most frequent first. */
  readonly kinds: readonly {
    readonly kind: string;
    readonly effects: number;
    readonly points: number;
  }[];
  /** The most requests that a crash cost. */
  readonly extraRequests: number;
  /** The first points that differ; after a few of them the run ends. */
  readonly differing: readonly DifferingPoint[];
}
