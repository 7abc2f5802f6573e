import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProblems } from "./format-problems.ts";
import { parseCampaignText } from "./parse-campaign-text.ts";
import { parseSetFlags } from "./parse-set-flags.ts";

function told(text: string, flags: string[] = []): string[] {
  const set = parseSetFlags(flags);
  if (!set.ok) return formatProblems(set.problems, "x.yaml").split("\n");
  const parsed = parseCampaignText(text, { overrides: set.value });
  return parsed.ok ? [] : formatProblems(parsed.problems, "x.yaml").split("\n");
}

function configOf(text: string, flags: string[] = []) {
  const set = parseSetFlags(flags);
  const parsed = parseCampaignText(text, { overrides: set.ok ? set.value : [] });
  if (!set.ok || !parsed.ok) throw new Error(told(text, flags).join("\n"));
  return parsed.value;
}

describe("parseCampaignText", () => {
  it("S21 gives every problem with line and column: of the key, or of the mapping where one is missing", () => {
    const text = [
      "version: 1",
      "params:",
      "  langauge: Go",
      "  target_leads: many",
      "source:",
      "  seed: 3",
      "default_icp:",
      "  topics:",
      "    - cli",
      "    - Not A Topic",
    ].join("\n");
    expect(told(text)).toEqual([
      expect.stringMatching(
        /^x\.yaml:3:3 params\.langauge: unknown key "langauge"; did you mean "language"\?/,
      ),
      'x.yaml:4:3 params.target_leads: must be a whole number from 1 to 100000, found "many"',
      "x.yaml:5:1 source.type: is missing; give simulator or github",
      'x.yaml:10:7 default_icp.topics.1: must be a GitHub topic: lower-case letters, digits and hyphens, at most 50, found "Not A Topic"',
    ]);
  });

  it("S21 takes an unquoted date, an empty params and a quoted number", () => {
    const config = configOf('pushed_since: 2030-01-31\nparams:\nname: "42"\n');
    expect(config).toEqual({ pushed_since: "2030-01-31", name: "42" });
    expect(configOf("pushed_since: !!timestamp 2030-01-31").pushed_since).toBe("2030-01-31");
    expect(told("name: 42")).toEqual([
      'x.yaml:1:1 name: must be one line of text, 1 to 100 characters, found the number 42; put it in quotes: "42"',
    ]);
    expect(told("params:\n  language:\n")[0]).toContain("x.yaml:2:3 params.language: is empty");
  });

  it("puts warnings at their lines too", () => {
    const parsed = parseCampaignText("params:\n  budget_per_day: 5\n");
    expect(parsed.ok && parsed.warnings[0]).toMatchObject({
      path: ["params", "budget_per_day"],
      line: 2,
      column: 3,
    });
  });

  it("S22 gives the line of the template with the unknown variable", () => {
    expect(told('name: x\ngoal_template: "Find {{ colour }}"')[0]).toMatch(
      /^x\.yaml:2:1 goal_template: unknown variable "colour" \(known: /,
    );
  });

  it("explains what in YAML trips over the values of a campaign", () => {
    expect(told("params:\n  stars_range: >=500\n")[0]).toMatch(
      /^x\.yaml:2:\d+ not valid YAML: .*; put text .*">=500"$/,
    );
    expect(told("goal_template: {{ language }} people")[0]).toContain(
      "put text that begins with {{ in quotes",
    );
    expect(told("suppress:\n  - @host.example")[0]).toContain("put text that begins with @ in quotes");
    expect(told("params:\n\tlanguage: Go")[0]).toBe("x.yaml:2:1 a tab indents this line; YAML wants spaces");
  });

  it("refuses what YAML allows and a config does not need", () => {
    expect(told("name: a\nname: b")[0]).toContain("x.yaml:2:1 this key was given before");
    expect(told("name: a\n---\nname: b")[0]).toContain("x.yaml:2:1 a second document begins here");
    expect(told("name: !!js/function 'x'")[0]).toContain("x.yaml:1:7 the tag");
    expect(told("? [a]\n: b")[0]).toContain("a key must be text");
    expect(told("params: &p { language: Go }\ndefault_icp:\n  <<: *p\n")[0]).toContain(
      'x.yaml:3:3 default_icp.<<: unknown key "<<"',
    );
    expect(told("name: *nobody")[0]).toContain("x.yaml:1:7 the alias *nobody names nothing");
    expect(told("")[0]).toBe(
      "x.yaml:1:1 is empty; give a mapping of keys, such as params, source and limits",
    );
    expect(told("# nothing\n")[0]).toContain("is empty");
  });

  it("takes an alias where it stays small", () => {
    const config = configOf("params:\n  stars_range: &range [1, 5]\ndefault_icp:\n  stars_range: *range\n");
    expect(config.default_icp?.stars_range).toEqual({ min: 1, max: 5 });
    expect(told("params: &p\n  language: *p\n")[0]).toContain(
      "params.language: must be the name of one language",
    );
  });

  it("S25 refuses a YAML bomb of aliases", () => {
    const levels = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [level, below] of ["ba", "cb", "dc", "ed", "fe"].map((pair) => [...pair])) {
      levels.push(`${level}: &${level} [${new Array(9).fill(`*${below}`).join(", ")}]`);
    }
    expect(told(levels.join("\n"))).toEqual([
      "x.yaml:2:8 aliases (*name) multiply what is here beyond what is accepted",
    ]);
    expect(told(`a: &a 1\nb:\n${"- *a\n".repeat(20_000)}`)[0]).toContain("multiply");
  });

  it.each(["[", "{? ", "- ", "? ", "a: ", "[a: b, ", "- [", "- ? "])(
    "S25 refuses endless nesting of %j before it is read",
    (sign) => {
      expect(told(sign.repeat(50_000))).toEqual([
        "x.yaml:1:1 is nested too deeply; a config has four levels",
      ]);
    },
  );

  it("S25 refuses nesting by indentation", () => {
    const lines = Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`);
    expect(told(lines.join("\n"))[0]).toContain("x.yaml:102:1 is nested too deeply");
  });

  it("never throws, whatever the text", () => {
    const signs = fc.constantFrom(
      "- ",
      "? ",
      ": ",
      "a",
      "[",
      "]",
      "{",
      "}",
      ",",
      "\n",
      "\n  ",
      "&a ",
      "*a ",
      "!!map ",
      "|",
      '"',
      "'",
      "#",
      "\t",
      "\n---\n",
      "%",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(signs, { maxLength: 60 }).map((all) => all.join("")),
        ),
        (text) => {
          const parsed = parseCampaignText(text);
          expect(parsed.ok ? 1 : parsed.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("shows no control characters from the text in what it tells", () => {
    const [line] = told('"\\e[31mred\\u202e": 1');
    expect([..."\u001b\u202e"].some((sign) => line?.includes(sign))).toBe(false);
    expect(line).toContain("·[31mred·");
  });
});

describe("--set", () => {
  it("S21 carries language, stars_range and target_leads into the config", () => {
    const config = configOf("params:\n  language: Rust\n", [
      "language=Go",
      "stars_range=500..5000",
      "target_leads=50",
    ]);
    expect(config.params).toEqual({ language: "Go", stars_range: { min: 500, max: 5000 }, target_leads: 50 });
  });

  it.each([
    ["stars_range=>=500", ["stars_range"], ">=500"],
    ["target_leads=50", ["target_leads"], 50],
    ["features.dry_run=true", ["features", "dry_run"], true],
    ["limits.max_requests=null", ["limits", "max_requests"], null],
    ["language=", ["language"], null],
    ["language=C#", ["language"], "C#"],
    ["name=#1", ["name"], "#1"],
    ["name=Go: the tools", ["name"], "Go: the tools"],
    ["name=a=b", ["name"], "a=b"],
    ['name="42"', ["name"], "42"],
    ["pushed_since=2030-01-31", ["pushed_since"], "2030-01-31"],
    ["default_icp.topics=[cli, tui]", ["default_icp", "topics"], ["cli", "tui"]],
    ["params.stars_range={ min: 5 }", ["params", "stars_range"], { min: 5 }],
    ["suppress=@host.example", ["suppress"], "@host.example"],
  ])("reads %s", (flag, path, value) => {
    expect(parseSetFlags([flag])).toEqual({ ok: true, value: [{ path, value }], warnings: [] });
  });

  it("S21 refuses a pair without =, without a key or with an unknown one, and names each", () => {
    expect(told("", ["language", "=Go", "a..b=1", "default_icp.topics=[cli"])).toEqual([
      '--set: must be key=value, found "language"; for example --set language=Go',
      '--set: must have a key before the =, found "=Go"; for example --set language=Go',
      '--set: must have a key before the =, found "a..b=1"; for example --set language=Go',
      expect.stringMatching(/^--set default_icp\.topics: not valid YAML: /),
    ]);
    expect(
      told("name: x", ["langauge=Go", "limits.max_repo=3", "source.base_url=https://evil.example"]),
    ).toEqual([
      expect.stringMatching(/^--set langauge: unknown key "langauge"; did you mean "language"\?/),
      expect.stringMatching(/^--set limits\.max_repo: unknown key "max_repo"; did you mean "max_repos"\?/),
      expect.stringMatching(/^--set source\.base_url: .*set GITHUB_API_URL$/),
    ]);
  });

  it("tells problems with a value as the flag's, before those of the file", () => {
    expect(told("limits:\n  max_repos: 0\n", ["target_leads=many"])).toEqual([
      '--set params.target_leads: must be a whole number from 1 to 100000, found "many"',
      "x.yaml:2:3 limits.max_repos: must be a whole number from 1 to 100000, found the number 0",
    ]);
  });

  it("mends what is wrong in the file when it sets the same key", () => {
    expect(configOf("params:\n  language: 42\n", ["language=Go"]).params).toEqual({ language: "Go" });
    expect(told("params: 5\n", ["language=Go"])[0]).toBe(
      "--set params.language: cannot be set: params is the number 5, not a mapping",
    );
  });
});
