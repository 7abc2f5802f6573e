import type { Job } from "@cmo/engine";

/** Jobs of one kind take their time for the same things: the same agent, asking the same source, or asking nobody. */
export function runKindOf({ spec }: Pick<Job, "spec">): string {
  const asked = spec.limits.maxRequests === 0 ? "nobody" : spec.source.type;
  return [spec.agent.name, asked, ...spec.plan].join(" ");
}
