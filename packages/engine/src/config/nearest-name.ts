/**
 * The candidate that a misspelt name most likely meant: the one with the fewest letters changed, added, lost or
 * swapped, when these are at most a third of the name (at least one). Case, hyphens and underscores are no difference.
 * Among equals the first. Gives null when none is near.
 */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  if (name.length > longestName) return null;
  const wanted = plain(name);
  let best: string | null = null;
  let fewest = Math.max(1, Math.floor(Math.max(wanted.length, 3) / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > fewest + 2) continue;
    const distance = editDistance(wanted, plain(candidate));
    if (distance < fewest) {
      best = candidate;
      fewest = distance;
    }
  }
  return best;
}

// Work is quadratic in the length; no key is longer than this, and a longer name meant none of them.
const longestName = 64;

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, "");
}

// Optimal string alignment: Levenshtein with swaps of neighbours.
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
