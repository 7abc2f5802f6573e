import { createPresetExporter } from "./create-preset-exporter.ts";

/**
 * Leads for Salesforce, where Last Name and Company are required and a row with a longer text than its field takes is
 * refused. Its import wizard takes 50,000 rows a file. Source: Salesforce Help, "Field mapping for importing leads",
 * and the field lengths of its Lead object.
 */
export const salesforceExporter = createPresetExporter({
  id: "salesforce",
  listSeparator: ";",
  columns: [
    { header: "First Name", field: "firstName", maximumLength: 40 },
    { header: "Last Name", field: "lastName", maximumLength: 80 },
    { header: "Company", field: "company", whenEmpty: "[not provided]", maximumLength: 255 },
    { header: "Email", field: "email" },
    { header: "Website", field: "websiteUrl", maximumLength: 255 },
    { header: "Description", field: "bio" },
    { header: "GitHub URL", field: "profileUrl" },
    { header: "GitHub Location", field: "location" },
    { header: "Lead Score", field: "score" },
    { header: "Lead Reasons", field: "reasons" },
    { header: "Repositories", field: "repositories" },
    { header: "Last Active Date", field: "lastActiveDate" },
    { header: "Email Source", field: "emailSource" },
  ],
});
