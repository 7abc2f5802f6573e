import { type Lead, type LeadExporter, leadColumns } from "@cmo/engine";
import { artifactName } from "../file/artifact-name.ts";
import { reasonsJson, repositoriesJson } from "../json/lead-json.ts";
import { type CsvCell, leadsCsv } from "./leads-csv.ts";

/** All leads as CSV, in the order of `leadColumns`; lists are compact JSON in a cell, null is an empty cell. */
export const csvExporter: LeadExporter = {
  id: "csv",
  kind: "leads_csv",
  mediaType: "text/csv; charset=utf-8",
  rows: "all",
  fileName: (jobId) => artifactName(jobId, "leads.csv"),
  render: (leads, count) => leadsCsv(leads, count, leadColumns, cellsOf),
};

const cellOf: Record<(typeof leadColumns)[number], (lead: Lead) => CsvCell> = {
  rank: (lead) => lead.rank,
  login: (lead) => lead.login,
  node_id: (lead) => lead.nodeId,
  name: (lead) => lead.name,
  email: (lead) => lead.email,
  email_source: (lead) => lead.emailSource,
  contactable: (lead) => lead.contactable,
  contact_reason: (lead) => lead.contactReason,
  mx_status: (lead) => lead.mxStatus,
  score: (lead) => lead.score,
  score_fit: (lead) => lead.scoreFit,
  score_activity: (lead) => lead.scoreActivity,
  score_reachability: (lead) => lead.scoreReachability,
  reasons: reasonsJson,
  company: (lead) => lead.company,
  location: (lead) => lead.location,
  bio: (lead) => lead.bio,
  website_url: (lead) => lead.websiteUrl,
  twitter_username: (lead) => lead.twitterUsername,
  followers: (lead) => lead.followers,
  repositories: repositoriesJson,
  commits: (lead) => lead.commits,
  last_active_at: (lead) => lead.lastActiveAt,
  profile_url: (lead) => lead.profileUrl,
  first_seen_at: (lead) => lead.firstSeenAt,
  fetched_at: (lead) => lead.fetchedAt,
};

function cellsOf(lead: Lead): CsvCell[] {
  return leadColumns.map((column) => cellOf[column](lead));
}
