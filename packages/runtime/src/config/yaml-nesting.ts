import type { Problem } from "@cmo/engine";

/**
 * Finds text that YAML would read as very deep nesting, before anything reads it: a YAML reader descends by recursion,
 * and V8 ends the whole process (`RegExpCompiler Allocation failed`) when a pattern is first compiled at the far end of
 * the stack, so that catching the overflow afterwards is too late. Depth is judged from above: by brackets left open,
 * by indentation, and by signs that nest within a line. Gives null for text of ordinary depth.
 */
export function findDeepNesting(text: string): Problem | null {
  let open = 0;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    for (const sign of line) {
      if (sign === "[" || sign === "{") open++;
      else if (sign === "]" || sign === "}") open = Math.max(0, open - 1);
      if (open > mostOpen) break;
    }
    const inner = line.trimStart();
    const indentation = line.length - inner.length;
    const deep =
      open > mostOpen ||
      // A line of white space only is no level of its own.
      (inner !== "" && indentation > mostIndentation) ||
      countOf(line, nestingSigns) > mostSigns;
    if (deep) {
      return {
        path: [],
        message: "is nested too deeply; a config has four levels",
        line: index + 1,
        column: 1,
      };
    }
  }
  return null;
}

const mostOpen = 64;
const mostIndentation = 100;
const mostSigns = 200;
const nestingSigns = /[-?:](?=[ \t]|$)/g;

function countOf(line: string, pattern: RegExp): number {
  let count = 0;
  for (const _ of line.matchAll(pattern)) {
    if (++count > mostSigns) break;
  }
  return count;
}
