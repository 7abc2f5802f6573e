/** The ways a campaign can be run: through an API, in this process, or whichever is possible. */
export const runModes = ["auto", "api", "inproc"] as const;
/** One of {@link runModes}. */
export type RunMode = (typeof runModes)[number];
