/** Whether the browser has digests for this page: those that are not from this machine have none without TLS. */
export function hasDigests(): boolean {
  return globalThis.crypto.subtle !== undefined;
}

/** SHA-256 as lower-case hexadecimal, where {@link hasDigests}. */
export async function sha256Of(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
