/**
 * Loads all that the engine loads when it is wanted. Loading takes as long as it takes, which no clock of a test counts:
 * whoever moves time by hand loads it first, so that nothing is overtaken by time.
 */
export async function loadOnDemand(): Promise<void> {
  await import("../store/memory-on-demand.ts");
}
