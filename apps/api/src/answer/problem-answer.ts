import { type ProblemDocument, problemMediaType } from "@cmo/contract";
import { dataHeaders } from "../security/security-headers.ts";
import { plainAnswer } from "./plain-answer.ts";

const problemHeaders: Readonly<Record<string, string>> = {
  "Content-Type": problemMediaType,
  ...dataHeaders,
};

/** A problem document as an answer of its status. */
export function problemAnswer(
  document: ProblemDocument,
  more: Readonly<Record<string, string>> = {},
): Response {
  return plainAnswer(JSON.stringify(document), document.status, { ...problemHeaders, ...more });
}
