/** How hard processes are treated: bounded in every test run, and for long with `CMO_TORTURE=1` (`pnpm torture`). */
export const torture = tortureOf(process.env);

function tortureOf({ CMO_TORTURE, CMO_TORTURE_SEED }: NodeJS.ProcessEnv) {
  const long = CMO_TORTURE === "1";
  return {
    /** What is random follows from it; told when something goes wrong. */
    seed: Number(CMO_TORTURE_SEED ?? Math.floor(Math.random() * 1_000_000)),
    /** `kill -9` of processes that work on one campaign. */
    kills: long ? 80 : 50,
    /** `kill -9` of processes that write files. */
    exportKills: long ? 60 : 8,
    /** Pipes of watchers that are cut. */
    cuts: long ? 100 : 12,
    /** Jobs that two workers get. */
    crowdedJobs: long ? 60 : 8,
    timeoutMs: long ? 1_800_000 : 900_000,
  };
}
