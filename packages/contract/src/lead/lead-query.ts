import { leadSchema, leadSortKeys } from "@cmo/engine";
import * as v from "valibot";

/** Which leads are meant, and in which order. */
export interface LeadsQuery {
  /** Only those who may be contacted, or only those who may not. */
  readonly contactable?: boolean | undefined;
  readonly minScore?: number | undefined;
  /** Stands in login, name, address, company, location or bio. */
  readonly search?: string | undefined;
  /** A key of {@link leadSortKeys}, with `-` before it for the greatest first. Default: rank. */
  readonly sort?: string | undefined;
}

/** Which page of them. */
export interface LeadPageQuery extends LeadsQuery {
  /** How many of the stored leads that are meant come before the page. Default 0. */
  readonly offset?: number | undefined;
  /** 1 to 1,000. Default 100. */
  readonly limit?: number | undefined;
}

/** Which leads a file holds; those who have been suppressed since are not counted. */
export interface LeadFileQuery extends LeadsQuery {
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
}

/** Every way to sort leads, as the query takes it. */
export const leadSorts = [...leadSortKeys, ...leadSortKeys.map((key) => `-${key}` as const)] as const;

/** A page of leads. */
export const leadPageSchema = v.object({
  leads: v.array(leadSchema),
  next: v.pipe(v.nullable(v.number()), v.description("The offset of the next page; null at the end.")),
  total: v.pipe(
    v.number(),
    v.description("How many leads are stored of those that are meant, people suppressed since included."),
  ),
});
/** See {@link leadPageSchema}. */
export type LeadPage = v.InferOutput<typeof leadPageSchema>;

/** A file that can be had of a job. */
export const artifactSchema = v.object({
  name: v.string(),
  format: v.pipe(v.string(), v.description("summary, json, csv, or a CRM: hubspot, salesforce, attio.")),
  mediaType: v.string(),
  rows: v.pipe(
    v.nullable(v.number()),
    v.description("How many leads were in it at the job's end; null when not known."),
  ),
  digest: v.pipe(
    v.nullable(v.string()),
    v.description("Of the file with its times of asking blank, from the job's log; null when it has none."),
  ),
});
/** See {@link artifactSchema}. */
export type Artifact = v.InferOutput<typeof artifactSchema>;

/** The files of a job. */
export const artifactListSchema = v.object({ artifacts: v.array(artifactSchema) });
/** See {@link artifactListSchema}. */
export type ArtifactList = v.InferOutput<typeof artifactListSchema>;
