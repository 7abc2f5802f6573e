import { execFileSync } from "node:child_process";
import { link, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServicePlace, type ServicePlace } from "./service-place.ts";

let place: ServicePlace;
beforeAll(async () => {
  place = await openServicePlace("memory");
  await place.writeConfig("smoke.yaml", good);
  await writeFile(join(place.folder, "outside.yaml"), canary);
});
afterAll(() => place.close());

const good = "name: smoke-of-the-server\nsource: { type: simulator, repositories: 60 }\n";
const canary = "name: canary-outside\nsource: simulator\n";

/** What became of it: the campaign's name, or what was told of the field. */
async function submitted(config_path: string, set?: string[]): Promise<string> {
  return place.service.submit({ config_path, ...(set === undefined ? {} : { set }) }).then(
    ({ name }) => name,
    ({ code, problems }) => {
      expect(code).toBe("config_invalid");
      expect(problems.length).toBeGreaterThan(0);
      return problems
        .map(({ path, message }: { path: string[]; message: string }) => [path.join("."), message].join(" "))
        .join("\n");
    },
  );
}

describe("S42 config_path", () => {
  it("names a file of the server's config folder, over which values are set", async () => {
    const { jobId } = await place.service.submit({
      goal: "A goal of one's own",
      config_path: "smoke.yaml",
      set: ["target_leads=3"],
    });
    expect(await place.service.job(jobId)).toMatchObject({
      name: "smoke-of-the-server",
      goal: "A goal of one's own",
      targetLeads: 3,
    });
    await place.writeConfig("unnamed.yml", "source: simulator\n");
    expect(await submitted("unnamed.yml")).toBe("unnamed");
  });

  it.each([
    "../outside.yaml",
    "..\\outside.yaml",
    "./smoke.yaml",
    "config/smoke.yaml",
    "/etc/passwd",
    "smoke.yaml/",
    "smoke.yaml\0.yaml",
    "smoke.yaml\0",
    "C:smoke.yaml",
    "smoke.yaml:stream.yaml",
    "%2e%2e%2foutside.yaml",
    "..%2foutside.yaml",
    "．．／outside.yaml",
    ".yaml",
    "..yaml",
    "smoke..yaml",
    ".hidden.yaml",
    "smoke",
    "smoke.yaml ",
    "smoke.json",
    "file:///etc/passwd",
    "~/outside.yaml",
    "",
    "a".repeat(300).concat(".yaml"),
  ])("can not be %j", async (name) => {
    expect(await submitted(name)).toMatch(/^config_path must be the bare name of a \.yaml file/);
  });

  it("leads out of the folder by no name at all", async () => {
    const part = fc.constantFrom(
      "..",
      ".",
      "/",
      "\\",
      "outside",
      ".yaml",
      "\0",
      "%2f",
      ":",
      "~",
      " ",
      "config",
    );
    const name = fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join("")),
      fc.string({ unit: "binary" }),
      fc.string().map((text) => `${text}.yaml`),
    );
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        expect(await submitted(text)).toMatch(/^config_path /);
      }),
      { numRuns: 500 },
    );
  });

  // Windows lets few people make links, and has no pipes in folders.
  it.skipIf(process.platform === "win32")("is no link, no folder and no pipe", async () => {
    await symlink(join(place.folder, "outside.yaml"), join(place.configDirectory, "link.yaml"));
    await symlink("smoke.yaml", join(place.configDirectory, "inside.yaml"));
    await symlink("nowhere", join(place.configDirectory, "dangling.yaml"));
    await mkdir(join(place.configDirectory, "folder.yaml"));
    execFileSync("mkfifo", [join(place.configDirectory, "pipe.yaml")]);
    for (const name of ["link", "inside", "dangling", "folder", "pipe"]) {
      expect(await submitted(`${name}.yaml`)).toBe(
        "config_path is no plain file of the server's config folder",
      );
    }
    // Who may put a hard link into the folder may put the file itself there.
    await link(join(place.folder, "outside.yaml"), join(place.configDirectory, "hard.yaml"));
    expect(await submitted("hard.yaml")).toBe("canary-outside");
  });

  it.skipIf(process.platform === "win32")(
    "is no link that takes a file's place in the moment in which it is opened",
    async () => {
      const path = join(place.configDirectory, "changing.yaml");
      const [plain, evil] = [`${path}.plain`, `${path}.evil`];
      let isOver = false;
      const changing = (async () => {
        while (!isOver) {
          await writeFile(plain, good);
          await rename(plain, path);
          await symlink(join(place.folder, "outside.yaml"), evil);
          await rename(evil, path);
        }
      })();
      const seen = new Set<string>();
      for (let round = 0; round < 300 || (seen.size < 2 && round < 10_000); round += 1) {
        seen.add(await submitted("changing.yaml"));
      }
      isOver = true;
      await changing;
      await rm(path);
      expect(seen).not.toContain("canary-outside");
      expect(seen.size).toBeGreaterThan(1);
    },
  );

  it("says nothing of what else is in the folder, nor of what stands in a file that is wrong", async () => {
    await place.writeConfig("secrets.yaml", "password: hunter2\nparams: { stars_range: canary-value }\n");
    await place.writeConfig("broken.yaml", "a: [canary-text\n");
    expect(await submitted("smkoe.yaml")).toBe("config_path is not there in the server's config folder");
    for (const name of ["secrets.yaml", "broken.yaml"]) {
      const told = await submitted(name, ["langauge=Go"]);
      expect(told).toContain(`cmo validate --config ${name}`);
      expect(told).not.toMatch(/hunter2|password|canary|smoke/);
    }
    // What the caller set is the caller's.
    expect(await submitted("smoke.yaml", ["langauge=Go", "nonsense"])).toMatch(
      /^--set must.*\n--set\.langauge/,
    );
    expect(await submitted("secrets.yaml", ["langauge=Go"])).toMatch(/^--set\.langauge.*\nconfig_path/);
  });

  it("has the suppression file read that the config names, and no file that the caller names", async () => {
    await writeFile(join(place.configDirectory, "people.txt"), "ada-canary\n@canary.example # both\n");
    await writeFile(join(place.folder, "private.txt"), "canary line one\n");
    await place.writeConfig("leaves-out.yaml", "source: simulator\nsuppress: people.txt\n");
    const { jobId } = await place.service.submit({ config_path: "leaves-out.yaml" });
    const job = await place.runtime.engine.job(jobId);
    expect(job?.spec.suppress.map(({ kind }) => kind)).toEqual(["login", "domain"]);

    for (const file of [join(place.folder, "private.txt"), "../private.txt", "people.txt"]) {
      expect(await submitted("smoke.yaml", [`suppress=${file}`])).toBe(
        "--set.suppress must be a list of entries",
      );
    }
    expect(await submitted("leaves-out.yaml", ["suppress=[bob]"])).toBe("leaves-out");
    await place.writeConfig("loses.yaml", "source: simulator\nsuppress: ../private.txt\n");
    const told = await submitted("loses.yaml");
    expect(told).toMatch(/^config_path is not right/);
    expect(told).not.toContain("private");
    await expect(place.service.submit({ config: { suppress: "people.txt" } })).rejects.toMatchObject({
      problems: [{ path: ["suppress"] }],
    });
  });

  it("is refused by a server without a config folder, and where the folder is gone", async () => {
    for (const directory of [null, join(place.folder, "gone")]) {
      const service = place.serviceOf("acme", directory);
      await expect(service.submit({ config_path: "smoke.yaml" })).rejects.toMatchObject({
        code: "config_invalid",
        problems: [{ path: ["config_path"] }],
      });
    }
  });

  it("reads no file beyond the size of a config", async () => {
    await place.writeConfig("large.yaml", `# ${"x".repeat(300_000)}\n`);
    expect(await submitted("large.yaml")).toMatch(/config_path is too large/);
  });
});
