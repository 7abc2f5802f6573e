import type { Histogram, Registry } from "./prometheus.ts";

/** What a {@link createQuickHistogram} is made with. */
export interface QuickHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, from the least. */
  readonly buckets: readonly number[];
  readonly register: Registry;
}

/** One series of a histogram. */
export interface QuickSeries {
  observe(value: number): void;
}

/**
 * A histogram for what every request pays for. One of prom-client looks its series up by a text made of the labels at
 * each value: 3 % of a short answer, together with the counter. Here whoever observes holds the series; what the page
 * shows is the same. Gives a function that makes a series.
 */
export function createQuickHistogram({
  name,
  help,
  buckets,
  register,
}: QuickHistogramOptions): (labels: Readonly<Record<string, string>>) => QuickSeries {
  const all: { labels: Readonly<Record<string, string>>; counts: number[]; sum: number }[] = [];

  /** Every bucket holds what is below it too (the text format's rule). */
  function values() {
    return all.flatMap(({ labels, counts, sum }) => {
      let count = 0;
      const lines = [...buckets, "+Inf"].map((le, index) => {
        count += counts[index] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
      });
      return [
        ...lines,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ];
    });
  }

  const metric = {
    name,
    help,
    type: "histogram",
    get: async () => ({ name, help, type: "histogram", values: values() }),
  };
  // The registry asks a metric for its name and for what `get` gives, and its types want one of prom-client's own.
  register.registerMetric(metric as unknown as Histogram);

  return (labels) => {
    const one = { labels, counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 };
    all.push(one);
    return {
      observe(value) {
        let index = 0;
        while (index < buckets.length && value > (buckets[index] ?? 0)) index += 1;
        one.counts[index] = (one.counts[index] ?? 0) + 1;
        one.sum += value;
      },
    };
  };
}
