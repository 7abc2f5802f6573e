/** The tenant of a job where nobody is told apart. */
export const localTenant = "local";
