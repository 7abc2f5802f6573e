/** The version of the engine, as events and summaries name it. A test holds it to the package's version. */
export const engineVersion = "0.1.0";
