import { type ProblemDocument, problemMediaType } from "@cmo/contract";
import { dataHeaders } from "../security/security-headers.ts";

const problemHeaders: Readonly<Record<string, string>> = {
  "Content-Type": problemMediaType,
  ...dataHeaders,
};

/** A problem document as an answer of its status. */
export function problemAnswer(
  document: ProblemDocument,
  more: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(document), {
    status: document.status,
    headers: { ...problemHeaders, ...more },
  });
}
