import type { JobSpec, RepositoryQuery } from "@cmo/engine";

/**
 * The searches of a campaign: one for each language and topic, since a search takes one language, and several topics
 * in one search would all have to match. Without a language or a topic, one search that leaves it open.
 */
export function searchQueries(spec: JobSpec): RepositoryQuery[] {
  const languages = spec.icp.languages.length === 0 ? [null] : spec.icp.languages;
  const topics = spec.icp.topics.length === 0 ? [null] : spec.icp.topics;
  return topics.flatMap((topic) =>
    languages.map((language) => ({
      language,
      topic,
      stars: { min: spec.icp.starsRange.min, max: spec.icp.starsRange.max },
      pushedSince: spec.pushedSince,
      created: null,
    })),
  );
}
