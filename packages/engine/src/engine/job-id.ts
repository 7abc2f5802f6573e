import type { Random } from "../port/random.ts";

/** The letters of job ids. */
export const jobIdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A new job id: `job_` and 20 characters that sort by time of making (10 of the clock in base 32, 10 random). Safe in
 * file names, URLs and shells.
 */
export function createJobId(now: number, random: Random): string {
  let time = "";
  for (let rest = Math.max(0, Math.floor(now)), digit = 0; digit < 10; digit += 1) {
    time = `${jobIdAlphabet[rest % 32]}${time}`;
    rest = Math.floor(rest / 32);
  }
  let tail = "";
  while (tail.length < 10) tail += jobIdAlphabet[Math.floor(random() * 32)] ?? "0";
  return `job_${time}${tail}`;
}
