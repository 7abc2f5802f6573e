/** What every answer holds, whatever it is. Records, not middleware: setting headers afterwards costs more than a read. */
export const securityHeaders = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/** What answers with data hold: they are for whoever asked, are kept by nobody, and are no page. */
export const dataHeaders = {
  ...securityHeaders,
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/** What the page of the console holds: its own files, this server's API, and nothing else. */
export const consoleHeaders = {
  ...securityHeaders,
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
} as const;

/** What pages hold that need nothing but a style sheet of their own, named by its digest. */
export function pageHeaders(styleDigest: string) {
  return {
    ...securityHeaders,
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-cache",
    "Content-Security-Policy": [
      "default-src 'none'",
      `style-src 'sha256-${styleDigest}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  } as const;
}
