/** In which stage the lead agent uses its tools: stages overlap, and the events of tools do not say. */
const stages: ReadonlyMap<string, string> = new Map([
  ["github.search", "discovery"],
  ["github.activity", "extraction"],
  ["github.people", "enrichment"],
  ["github.rest.user", "enrichment"],
  ["cache.search", "discovery"],
  ["cache.activity", "extraction"],
  ["cache.profile", "enrichment"],
  ["cache.mail_domain", "validation"],
]);

/** The stage that a tool call belongs to, out of those that are open in the order of their starts; null for none. */
export function stageOfTool(tool: string, open: readonly string[]): string | null {
  const known = stages.get(tool);
  if (known !== undefined && open.includes(known)) return known;
  // What comes before the first stage is of none; a tool that nobody knows is of the stage that began last.
  return open.at(-1) ?? null;
}
