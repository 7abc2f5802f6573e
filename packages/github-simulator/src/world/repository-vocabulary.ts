/** A programming language of the world: its share among repositories and the topics its repositories carry most. */
export interface LanguageProfile {
  name: string;
  share: number;
  topics: readonly string[];
}

/** Languages, most frequent first; the shares add up to 1. */
export const LANGUAGES: readonly LanguageProfile[] = [
  {
    name: "Python",
    share: 0.27,
    topics: "python machine-learning llm ai data-science fastapi nlp pytorch".split(" "),
  },
  {
    name: "TypeScript",
    share: 0.22,
    topics: "typescript react nodejs nextjs frontend ai web agents".split(" "),
  },
  { name: "Go", share: 0.13, topics: "golang kubernetes cloud-native observability grpc cli".split(" ") },
  { name: "Rust", share: 0.12, topics: "rust wasm embedded compiler async cli".split(" ") },
  { name: "JavaScript", share: 0.1, topics: "javascript nodejs web frontend bundler".split(" ") },
  { name: "Java", share: 0.06, topics: "java spring android streaming".split(" ") },
  { name: "C++", share: 0.04, topics: "cpp graphics simulation robotics".split(" ") },
  { name: "Jupyter Notebook", share: 0.03, topics: "notebook machine-learning education".split(" ") },
  { name: "Elixir", share: 0.02, topics: "elixir phoenix distributed-systems".split(" ") },
  { name: "Haskell", share: 0.01, topics: "haskell functional-programming compiler".split(" ") },
];

/** Topics that repositories of any language carry. */
export const COMMON_TOPICS: readonly string[] =
  "cli developer-tools testing database security automation api self-hosted framework library data devops monitoring education game awesome-list tutorial hacktoberfest".split(
    " ",
  );

/** SPDX ids by frequency. */
export const LICENSES: readonly string[] = [
  "MIT",
  "MIT",
  "MIT",
  "Apache-2.0",
  "Apache-2.0",
  "BSD-3-Clause",
  "GPL-3.0",
  "MPL-2.0",
  "AGPL-3.0",
];

/** The first half of repository names. */
export const NAME_HEADS: readonly string[] =
  "quiet rapid hollow bright paper copper silent lucid woven tidal polar molten gentle brisk solar lunar cosmic rustic nimble sturdy hidden floating crystal woolen autumn vernal marble atomic scarlet teal".split(
    " ",
  );

/** The second half of repository names. */
export const NAME_TAILS: readonly string[] =
  "harbor lantern compass ledger signal pipeline canvas beacon orchard bridge kernel parser shuttle anchor meadow furnace prism relay cache vault trellis mosaic engine sextant quiver spindle atlas echo loom raft".split(
    " ",
  );

/** What descriptions are made of. */
export const DESCRIPTIONS: readonly string[] = [
  "A small {language} toolkit for {topic}",
  "{topic} without the ceremony",
  "Fast, boring {topic} in {language} 🚀",
  "静かな {topic} ライブラリ",
  'The {topic} you run yourself, "batteries" included',
  '=IMPORTXML("https://phish.test") is a formula, this is {topic}',
  "Experiments with {topic}; expect breakage, <b>bold</b> claims & commas, lots",
];
