/** Whether a word names a run bundle rather than a job: no job's id ends like this. */
export function isBundleName(word: string): boolean {
  return word.toLowerCase().endsWith(".zip");
}
