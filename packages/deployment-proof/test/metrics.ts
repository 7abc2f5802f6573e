import { listAt, readYaml, textAt } from "./document.ts";

/** An alert with what it looks at. */
export interface Rule {
  readonly alert: string;
  readonly expression: string;
}

/** The alerts of a file of rules. */
export function readRules(text: string): Rule[] {
  return listAt(readYaml(text), "groups")
    .flatMap((group) => listAt(group, "rules"))
    .map((rule) => ({ alert: textAt(rule, "alert"), expression: textAt(rule, "expr") }));
}

/** A metric that an expression names, with the labels that it looks at. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Everything of ours that an expression names. */
export function selectorsOf(expression: string): Selector[] {
  return [...expression.matchAll(/\b((?:cmo|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = "", matchers = ""]) => ({
      metric,
      labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
    }),
  );
}

/** Everything that some pages of metrics tell of, by the name of its series, with the labels that there are. */
export function readMetrics(pages: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  const labelsOf = (name: string) => {
    const known = all.get(name) ?? new Set<string>();
    all.set(name, known);
    return known;
  };
  for (const line of pages.join("\n").split("\n")) {
    const [, metric, type] = /^# TYPE (\w+) (\w+)$/.exec(line) ?? [];
    if (metric !== undefined) {
      for (const suffix of type === "histogram" ? ["_bucket", "_sum", "_count"] : [""]) {
        labelsOf(`${metric}${suffix}`);
      }
      continue;
    }
    const [, name, labels = ""] = /^([a-z]\w*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) labelsOf(name).add(label);
  }
  return all;
}
