import { createPresetExporter } from "./create-preset-exporter.ts";

/**
 * People for Attio, which tells people apart by e-mail and companies by domain, reads dates as `YYYY-MM-DD`, and splits
 * the values of a list by `,`. Source: Attio's help, "CSV import formatting guide".
 */
export const attioExporter = createPresetExporter({
  id: "attio",
  listSeparator: ",",
  columns: [
    { header: "Email addresses", field: "email" },
    { header: "First name", field: "firstName" },
    { header: "Last name", field: "lastName" },
    { header: "Company name", field: "company" },
    { header: "Company domain", field: "companyDomain" },
    { header: "Description", field: "bio" },
    { header: "Website", field: "websiteUrl" },
    { header: "Twitter", field: "twitterUsername" },
    { header: "GitHub URL", field: "profileUrl" },
    { header: "GitHub location", field: "location" },
    { header: "Lead score", field: "score" },
    { header: "Lead reasons", field: "reasons" },
    { header: "Repositories", field: "repositories" },
    { header: "Last active date", field: "lastActiveDate" },
    { header: "Email source", field: "emailSource" },
  ],
});
