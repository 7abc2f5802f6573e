import { CmoError } from "@cmo/engine";

/**
 * Gives `name` back when it is a plain file name, so that joining it to a folder cannot leave that folder.
 *
 * @throws CmoError `export_failed` for an empty name, `.` and `..`, path separators of any system, and control
 * characters.
 */
export function checkArtifactName(name: string): string {
  if (name !== "" && name !== "." && name !== ".." && !notInFileNames.test(name)) return name;
  throw new CmoError("export_failed", `${JSON.stringify(name)} cannot be the name of an exported file.`, {
    hint: "Use a plain file name, without / and \\ and without control characters.",
  });
}

/**
 * The name of a job's file: `artifactName("j1", "leads.csv")` is `j1_leads.csv`.
 *
 * @throws CmoError `export_failed` when the job's id is empty, or would lead out of the folder.
 */
export function artifactName(jobId: string, suffix: string): string {
  return `${checkArtifactName(jobId)}_${suffix}`;
}

// The colon names a drive, or a hidden stream of a file, on Windows.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const notInFileNames = /[/\\:\u0000-\u001f\u007f]/;
