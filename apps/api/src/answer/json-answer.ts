import { dataHeaders } from "../security/security-headers.ts";
import { plainAnswer } from "./plain-answer.ts";

const jsonHeaders: Readonly<Record<string, string>> = { "Content-Type": "application/json", ...dataHeaders };

/** A value as JSON. The headers stay a plain record, which the server writes without another look. */
export function jsonAnswer(value: unknown, status = 200, more?: Readonly<Record<string, string>>): Response {
  return textAnswer(JSON.stringify(value), status, more);
}

/** JSON text as it is. */
export function textAnswer(json: string, status = 200, more?: Readonly<Record<string, string>>): Response {
  return plainAnswer(json, status, more === undefined ? jsonHeaders : { ...jsonHeaders, ...more });
}
