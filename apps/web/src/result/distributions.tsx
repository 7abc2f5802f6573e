import type { RunSummary } from "@cmo/engine";
import type { JSX } from "preact";
import { countText, wordsOf } from "../text/format.ts";

const mostShown = 10;

/** How leads are spread over languages, companies, places and scores. */
export function Distributions({
  distributions,
}: {
  readonly distributions: RunSummary["distributions"];
}): JSX.Element | null {
  const known = Object.entries(distributions).filter(([, counts]) => Object.keys(counts).length > 0);
  if (known.length === 0) return null;
  return (
    <section class="distributions" aria-label="Distributions">
      {known.map(([name, counts]) => (
        <Distribution key={name} name={name} counts={counts} />
      ))}
    </section>
  );
}

function Distribution({
  name,
  counts,
}: {
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
}): JSX.Element {
  const rows = rowsOf(name, counts);
  const shown = rows.slice(0, mostShown);
  const others = rows.slice(mostShown).reduce((sum, [, count]) => sum + count, 0);
  const greatest = Math.max(1, ...shown.map(([, count]) => count));
  return (
    <div class="card">
      <h2>{wordsOf(name)}</h2>
      <table class="spread">
        <tbody>
          {shown.map(([value, count]) => (
            <tr key={value}>
              <th scope="row">{value}</th>
              <td class="spread-bar" aria-hidden="true">
                <span style={{ width: `${(count / greatest) * 100}%` }} />
              </td>
              <td class="number">{countText(count)}</td>
            </tr>
          ))}
          {others === 0 ? null : (
            <tr>
              <th scope="row">all others</th>
              <td />
              <td class="number">{countText(others)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Scores are a scale and keep its order; everything else begins with the most. */
function rowsOf(name: string, counts: Readonly<Record<string, number>>): [string, number][] {
  const rows = Object.entries(counts);
  if (name !== "scores") return rows.sort(([, one], [, other]) => other - one);
  return rows.sort(([one], [other]) => Number.parseFloat(one) - Number.parseFloat(other));
}
