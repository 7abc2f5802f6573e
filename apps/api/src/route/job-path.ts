/** The part of a path that names a job. */
export const jobPath = { id: "The job's id." } as const;
