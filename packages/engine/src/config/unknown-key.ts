import type { Problem } from "../result/problem.ts";
import { environmentKeyHint } from "./environment-key.ts";
import { nearestName } from "./nearest-name.ts";

/** The problem of a key that is not known where it stands, with what was most likely meant. */
export function unknownKeyProblem(
  path: readonly string[],
  siblings: readonly string[],
  everyPath: readonly (readonly string[])[],
): Problem {
  const key = path.at(-1) ?? "";
  const environment = environmentKeyHint(key);
  if (environment !== null) return { path, ...environment };
  const named = `unknown key ${JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key)}`;
  const elsewhere = everyPath.find((known) => known.at(-1) === key);
  if (elsewhere !== undefined) return belongs(path, named, elsewhere);
  const allowed = `allowed here: ${siblings.toSorted().join(", ")}`;
  const near = nearestName(key, siblings);
  if (near !== null) {
    return { path, message: `${named}; did you mean "${near}"? (${allowed})`, suggestion: near };
  }
  const names = everyPath.map((known) => known.at(-1) ?? "");
  const nearElsewhere = everyPath[names.indexOf(nearestName(key, names) ?? "")];
  return nearElsewhere === undefined
    ? { path, message: `${named}; ${allowed}` }
    : belongs(path, named, nearElsewhere);
}

function belongs(path: readonly string[], named: string, known: readonly string[]): Problem {
  const place = known.join(".");
  return {
    path,
    message:
      known.length === 1
        ? `${named}; it belongs at the top, as ${place}`
        : `${named}; did you mean ${place}?`,
    suggestion: place,
  };
}
