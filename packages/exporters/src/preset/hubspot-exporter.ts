import { createPresetExporter } from "./create-preset-exporter.ts";

/**
 * Contacts for HubSpot, which maps headers that equal its property labels by itself and tells contacts apart by e-mail.
 * Values of a list are split by `;` there. Source: HubSpot's knowledge base, "Set up your import files".
 */
export const hubspotExporter = createPresetExporter({
  id: "hubspot",
  listSeparator: ";",
  columns: [
    { header: "Email", field: "email" },
    { header: "First Name", field: "firstName" },
    { header: "Last Name", field: "lastName" },
    { header: "Company name", field: "company" },
    { header: "Website URL", field: "websiteUrl" },
    { header: "Twitter Username", field: "twitterUsername" },
    { header: "GitHub URL", field: "profileUrl" },
    { header: "GitHub Location", field: "location" },
    { header: "Lead Score", field: "score" },
    { header: "Lead Reasons", field: "reasons" },
    { header: "Repositories", field: "repositories" },
    { header: "Last Active Date", field: "lastActiveDate" },
    { header: "Email Source", field: "emailSource" },
  ],
});
