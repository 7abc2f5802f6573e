import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createRedaction } from "../host/redact-text.ts";
import { keptConfigText, mostConfigText } from "./kept-config-text.ts";
import { readYaml } from "./yaml-document.ts";

const { redact } = createRedaction({});
const keep = (config: Parameters<typeof keptConfigText>[0], set?: readonly string[]) =>
  keptConfigText(config, { set, redact }) ?? "";

describe("the text of a config that is kept with a job", () => {
  it("is what was written to the letter, comments and all, but for the suppression list", () => {
    const text = `# A campaign\nname:   "small"   # so called\n\nsuppress:\n  - ada-l # she asked\n  - "@works.example"\nparams: { language: Go }\n`;
    expect(keep(text)).toBe(
      `# A campaign\nname:   "small"   # so called\n\nsuppress: [] # cut out: a job holds only keyed hashes of these\nparams: { language: Go }\n`,
    );
  });

  it("loses the list in every form in which YAML has one, and stays the same config otherwise", () => {
    const forms = [
      (list: string[]) => stringify({ name: "n", suppress: list, source: "simulator" }),
      (list: string[]) => JSON.stringify({ name: "n", suppress: list, source: "simulator" }),
      (list: string[]) => JSON.stringify({ name: "n", suppress: list, source: "simulator" }, null, 2),
      (list: string[]) => `name: n\nsource: simulator\nsuppress: ${JSON.stringify(list)}`,
      (list: string[]) =>
        `name: n\nsuppress: # whom\n${list.map((one) => `- ${JSON.stringify(one)} # why\n`).join("")}source: simulator\n`,
      (list: string[]) =>
        `"suppress": &them\n${list.map((one) => `  - ${JSON.stringify(one)}\n`).join("")}\nname: n\nsource: simulator\n`,
      (list: string[]) => `name: n\n? suppress\n: ${JSON.stringify(list)}\nsource: simulator\n`,
      (list: string[]) => `name: n\nsuppress: &them ${JSON.stringify(list)}\nsource: simulator # not *them\n`,
    ];
    const logins = fc.array(fc.stringMatching(/^zq[a-z0-9]{4,12}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(logins, fc.constantFrom(...forms), (list, form) => {
        const kept = keep(form(list));
        for (const login of list) expect(kept).not.toContain(login);
        const read = readYaml(kept);
        expect(read.ok && read.value.value).toEqual({ name: "n", suppress: [], source: "simulator" });
      }),
    );
  });

  it("names no file of a list, and leaves a config without one alone", () => {
    expect(keep("suppress: people/ada.txt\nname: n\n")).not.toContain("ada");
    expect(keep("name: n\n")).toBe("name: n\n");
    expect(keep("name: n\nsuppress:\n")).toBe("name: n\nsuppress:\n");
  });

  it("holds no address and no token, wherever they stand", () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const kept = keep(
      `# ask ada@lovelace.example\nname: n # ${token}\ngoal_template: "as bob.b+x@works.example says"\n`,
      ["purpose=for ada@lovelace.example", `goal_template=${token}`],
    );
    expect(kept).not.toMatch(/ada|bob|lovelace|works|ghp_a1/);
    expect(kept).toContain("# ask [address]");
  });

  it("ends with what was set over it, as comments, a line each", () => {
    expect(keep("name: n", ["params.target_leads=5", "goal_template=a\nb: c", "suppress=[ada]"])).toBe(
      "name: n\n# --set params.target_leads=5\n# --set goal_template=a b: c\n# --set suppress=[] # cut out: a job holds only keyed hashes of these\n",
    );
  });

  it("is a mapping as YAML, and none where it is too large", () => {
    expect(keep({ name: "n", params: { language: "Go" } })).toBe("name: n\nparams:\n  language: Go\n");
    expect(keptConfigText(`name: ${"n".repeat(mostConfigText)}`, { redact })).toBeNull();
  });

  it("takes no longer for a text that is one word than for any other", () => {
    expect(keep(`name: ${"n".repeat(200_000)}`)).toBe("name: [long text]\n");
    expect(keep(`name: ${"n,".repeat(100_000)}`)).toHaveLength(200_007);
  });
});
