/** Whether a text may be a tenant's name: it stands in files, logs and environments, and is read aloud. */
export function isTenantName(text: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,62}$/.test(text);
}
