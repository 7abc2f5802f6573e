/** One thing that is wrong with an input, told so that it can be mended without looking elsewhere. */
export interface Problem {
  /** The way to the value: `["params", "stars_range"]`; empty for the whole input. */
  path: readonly string[];
  /** What is wrong, what was found and what is allowed, in one sentence. */
  message: string;
  /** The nearest known name or the value meant, where there is one. */
  suggestion?: string;
  /** Line in the text, from 1, where the text is known. */
  line?: number;
  /** Column in the text, from 1, where the text is known. */
  column?: number;
}
