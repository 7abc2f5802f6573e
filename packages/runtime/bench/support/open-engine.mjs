// The engine as the benches of this folder run it: the real agent, and ports that a bench chooses.
import { createHash, createHmac } from "node:crypto";
import { createLeadAgent } from "@cmo/agent";
import { createClock, createJobSpec, createUnifiedEngine, parseCampaign } from "@cmo/engine";
import { leadExporters, measureExport } from "@cmo/exporters";
import { createGitHubSource } from "@cmo/github";

/** The day that campaigns and simulated worlds are of. */
export const asOf = "2026-11-01T00:00:00.000Z";

/** Where nothing answers but the `fetch` that a source is given. */
export const origin = "https://api.simulator.example";

export const clock = createClock(globalThis);

export const digest = (key) => (key === undefined ? createHash("sha256") : createHmac("sha256", key));

/** The simulated domains that take mail, without the simulator: the memory that is measured is not to hold it. */
export const mail = {
  isReserved: (domain) => !domain.includes("."),
  lookup: async (domain) => (domain.endsWith(".example") ? "ok" : "no_mail"),
};

/** The real client over this `fetch`. The simulator counts the quota by token: that of a process is its own. */
export function openSource(fetch, { concurrency = 2, apiUrl = origin, board } = {}) {
  return createGitHubSource({
    fetch,
    token: `simulated-${process.pid}`,
    apiUrl,
    graphqlUrl: `${apiUrl}/graphql`,
    clock,
    random: Math.random,
    digest,
    concurrency,
    ...(board === undefined ? {} : { board }),
  });
}

/** An engine with the lead agent over this source, and a spec of this config. Without a store: in memory. */
export function openEngine(config, { source, store }) {
  const agent = createLeadAgent({
    openSources: () => ({ source, mail }),
    exporters: leadExporters.filter((exporter) => exporter.rows === "all"),
    measure: measureExport,
    digest,
  });
  const engine = createUnifiedEngine({
    agent,
    clock,
    random: Math.random,
    digest,
    ...(store === undefined ? {} : { store }),
  });
  const parsed = parseCampaign(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { engine, spec: createJobSpec(parsed.value, { agent, now: new Date(asOf) }) };
}
