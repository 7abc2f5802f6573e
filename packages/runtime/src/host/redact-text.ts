import { redact } from "@cmo/github";
import type { Environment } from "./host.ts";

/**
 * Makes a function that takes secrets out of text: the tokens of the environment, passwords of proxies, whatever looks
 * like a token or like a key of the API, whose public part stays; and the local part of e-mail addresses, which have no place in logs either.
 */
export function createRedaction(env: Environment): {
  redact(text: string): string;
  addSecret(secret: string): void;
} {
  const secrets = new Set<string>(secretsOf(env));
  return {
    redact: (text) => maskAddresses(maskKeys(redact(text, [...secrets]))),
    addSecret: (secret) => void secrets.add(secret),
  };
}

const tokenVariables = [
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "GITHUB_ENTERPRISE_TOKEN",
  "GH_ENTERPRISE_TOKEN",
  "CMO_API_KEY",
];
const proxyVariables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

function secretsOf(env: Environment): string[] {
  const tokens = tokenVariables.map((name) => env[name]?.trim() ?? "");
  const passwords = proxyVariables.flatMap((name) => {
    const value = env[name] ?? "";
    return URL.canParse(value) ? [new URL(value).password, decodeURIComponent(new URL(value).password)] : [];
  });
  // A shorter text is no secret worth the name, and would be found in the middle of words.
  return [...tokens, ...passwords].filter((secret) => secret.length >= 6);
}

/** Of a key, what says which one it is may be read by anybody. */
function maskKeys(text: string): string {
  return text.replace(/cmo_([a-z0-9]{4,32})_[A-Za-z0-9]{8,}/g, "cmo_$1_***");
}

function maskAddresses(text: string): string {
  return text.replace(addressPattern, "***@$1");
}

const addressPattern = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})/gu;
