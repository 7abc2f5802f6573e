/** Whether a metric may stand under this key: 1 to 64 characters, and none that reaches an object's prototype. */
export function isMetricKey(key: string): boolean {
  if (key === "" || FORBIDDEN_KEYS.has(key)) return false;
  if (key.length <= MAX_KEY_CHARACTERS) return true;
  // A character outside the basic plane is two units long.
  return key.length <= 2 * MAX_KEY_CHARACTERS && [...key].length <= MAX_KEY_CHARACTERS;
}

/** Whether a metric takes its last value; every other metric is a counter and never falls. */
export function isGauge(key: string): boolean {
  return key.startsWith("rate_limit_") || key.startsWith("gauge_");
}

const MAX_KEY_CHARACTERS = 64;

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
