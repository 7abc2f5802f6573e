/** A metric as its page tells of it. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** One line of a page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metrics of a page by name, and their sums. */
export interface Exposition {
  readonly metrics: ReadonlyMap<string, Metric>;
  /** The sum of the samples of that name whose labels are these, whatever others they have; null for none at all. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number | null;
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const samplePattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

/**
 * Reads a page strictly by Prometheus' text format 0.0.4: HELP, TYPE and samples of a metric stand together, no sample
 * comes twice, counters and histograms are what they must be. Throws at what is not so.
 */
export function readExposition(text: string): Exposition {
  check(text.endsWith("\n"), "the last line has no end", "");
  const metrics = new Map<string, Metric & { samples: Sample[] }>();
  const seen = new Set<string>();
  let help: { name: string; text: string } | null = null;
  let current: (Metric & { samples: Sample[] }) | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    if (line.startsWith("# HELP ")) {
      const [, name = "", about = ""] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
      check(metricName.test(name) && about !== "", "no HELP", line);
      check(!metrics.has(name), "a metric comes twice", line);
      help = { name, text: about };
      continue;
    }
    if (line.startsWith("# TYPE ")) {
      const [, name = "", type = ""] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
      check(help?.name === name, "TYPE without its HELP before it", line);
      current = { name, type: type as Metric["type"], help: help?.text ?? "", samples: [] };
      metrics.set(name, current);
      continue;
    }
    check(!line.startsWith("#"), "a comment", line);
    const sample = readSample(line);
    const suffixes = current?.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    check(
      suffixes.some((suffix) => sample.name === `${current?.name}${suffix}`),
      "a sample of another metric",
      line,
    );
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()]);
    check(!seen.has(key), "a sample comes twice", line);
    seen.add(key);
    current?.samples.push(sample);
  }
  for (const metric of metrics.values()) checkMetric(metric);
  return {
    metrics,
    sum(name, labels = {}) {
      const matching = [...metrics.values()]
        .flatMap(({ samples }) => samples)
        .filter((sample) => sample.name === name)
        .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value));
      return matching.length === 0 ? null : matching.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

function readSample(line: string): Sample {
  const [, name = "", labelText = "", valueText = ""] = samplePattern.exec(line) ?? [];
  check(name !== "", "no sample", line);
  const labels: Record<string, string> = {};
  labelPattern.lastIndex = 0;
  while (labelPattern.lastIndex < labelText.length) {
    const [, key = "", value = ""] = labelPattern.exec(labelText) ?? [];
    check(key !== "", "labels that cannot be read", line);
    check(!(key in labels), "a label comes twice", line);
    labels[key] = value.replace(/\\(["\\n])/g, (_whole, mark) => (mark === "n" ? "\n" : mark));
  }
  const special: Record<string, number> = { "+Inf": Infinity, "-Inf": -Infinity, Nan: Number.NaN };
  const value = special[valueText] ?? Number(valueText);
  check(valueText in special || !Number.isNaN(value), "no number", line);
  return { name, labels, value };
}

function checkMetric({ name, type, samples }: Metric): void {
  check(type === "counter" ? name.endsWith("_total") : !name.endsWith("_total"), "the end of a name", name);
  if (type === "counter") for (const { value } of samples) check(value >= 0, "a counter below 0", name);
  if (type !== "histogram") return;
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _le, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).toSorted());
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  for (const ofSeries of series.values()) {
    const of = (suffix: string) => ofSeries.filter((sample) => sample.name === `${name}${suffix}`);
    const buckets = of("_bucket");
    const bounds = buckets.map(({ labels }) => (labels.le === "+Inf" ? Infinity : Number(labels.le)));
    check(bounds.at(-1) === Infinity, "no bucket for everything", name);
    for (let index = 1; index < buckets.length; index += 1) {
      check((bounds[index] ?? 0) > (bounds[index - 1] ?? 0), "buckets out of order", name);
      check((buckets[index]?.value ?? 0) >= (buckets[index - 1]?.value ?? 0), "buckets that fall", name);
    }
    check(of("_sum").length === 1 && of("_count").length === 1, "no sum or count", name);
    check(of("_count")[0]?.value === buckets.at(-1)?.value, "a count that is not that of all buckets", name);
  }
}

function check(holds: boolean, what: string, where: string): void {
  if (!holds) throw new Error(`The exposition has ${what}: ${where}`);
}
