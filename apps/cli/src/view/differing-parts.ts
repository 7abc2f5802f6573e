/**
 * Two texts that are to be shown side by side in `most` code points each, so that their first difference can be seen: what
 * both begin with gives way to an ellipsis where one of them is longer than that.
 */
export function differingParts(one: string, other: string, most: number): [one: string, other: string] {
  const [first, second] = [[...one], [...other]];
  if (first.length <= most && second.length <= most) return [one, other];
  let same = 0;
  while (same < first.length && first[same] === second[same]) same += 1;
  // A third of the room for what comes before, so that one sees where it is.
  const from = same - Math.floor(most / 3);
  if (from <= 1) return [one, other];
  return [`…${first.slice(from).join("")}`, `…${second.slice(from).join("")}`];
}
