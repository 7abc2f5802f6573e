/** A source of randomness: a number in [0, 1), as `Math.random` gives. Ids, jitter and nothing else come from it. */
export type Random = () => number;
