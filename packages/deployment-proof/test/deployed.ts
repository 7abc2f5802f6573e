import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Described, type Image, root } from "./deploy-files.ts";

/** The image's folder on a machine where nothing but a folder for temporary files can be written. */
export interface Deployed {
  readonly folder: string;
  /** Runs the image's command to its end. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Starts what a file describes; resolves when it can be asked, with its address. */
  start(described: Described): Promise<RunningCmo>;
  /** Runs the image's health check beside a process, and gives its exit code. */
  healthCheck(running: RunningCmo): Promise<number | null>;
  /** What was written where nothing may be, since the folder was made. */
  changes(): Promise<string[]>;
  /** Ends whatever was started and still runs. */
  close(): Promise<void>;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the fleet. */
export interface RunningCmo {
  readonly described: Described;
  readonly url: string;
  said(): string;
  /** Resolves when it has said this. @throws Error when it ends before. */
  heard(text: string): Promise<void>;
  /** Tells it to stop as the image says, and gives its exit code; `killed` after the grace that its file gives it. */
  stop(): Promise<number | null | "killed">;
}

/** The port that every file names; here each process gets one that is free. */
const usualPort = "2660";
/** What stands in the image. */
const imageFolder = "/srv/cmo";
/** Somebody who owns nothing. */
const nobody = { uid: 65_534, gid: 65_534 };

/** Makes a {@link Deployed} by the script that the Dockerfile runs, of what is built. */
export async function deploy(image: Image): Promise<Deployed> {
  const place = await mkdtemp(join(tmpdir(), "cmo-deployed-"));
  await chmod(place, 0o755);
  const folder = join(place, "cmo");
  const script = spawnSync(process.execPath, ["scripts/deploy.mjs", folder, "--built"], {
    cwd: root,
    encoding: "utf8",
  });
  if (script.status !== 0) throw new Error(`scripts/deploy.mjs: ${script.stdout}${script.stderr}`);
  const home = join(place, "home");
  const temporary = join(place, "tmp");
  await mkdir(home);
  await mkdir(temporary);
  await chmod(temporary, 0o1777);
  spawnSync("chmod", ["-R", "a-w", folder, home]);
  // Rights hold nobody up who is root. Where this process is, the image's is somebody else, as in the container; unless
  // Node lies where only root comes.
  const asNobody = spawnSync(process.execPath, ["-e", "0"], { ...nobody, cwd: "/" }).status === 0;
  const who = process.getuid?.() === 0 && asNobody ? nobody : {};
  const running = new Set<ChildProcess>();

  function startProcess(command: readonly string[], env: Readonly<Record<string, string>>) {
    const [program = "", ...args] = command.map((word) => word.replace(imageFolder, folder));
    const child = spawn(program === "node" ? process.execPath : program, args, {
      ...who,
      cwd: folder,
      // A test listens on the loopback only.
      env: { ...image.env, PATH: "", HOME: home, TMPDIR: temporary, ...env, CMO_HOST: "127.0.0.1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const texts = { stdout: "", stderr: "" };
    const listeners = new Set<() => void>();
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        texts[name] += text;
        for (const look of listeners) look();
      });
    }
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        running.delete(child);
        resolve(code);
      });
    });
    const said = () => texts.stdout + texts.stderr;
    const heard = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(said());
          if (found === null) return;
          listeners.delete(look);
          resolve(found[0]);
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`it ended before it said ${pattern}: ${said()}`)), reject);
      });
    return { child, texts, ended, said, heard };
  }

  const before = await listing(folder, home);
  return {
    folder,
    async run(args, env = {}) {
      const { ended, texts } = startProcess([...image.entrypoint, ...args], env);
      const code = await ended;
      return { code, ...texts };
    },
    async start(described) {
      const { args, env } = described;
      const free = args.map((word) => (word === usualPort ? "0" : word));
      const { child, ended, said, heard } = startProcess([...image.entrypoint, ...free], {
        ...env,
        CMO_PORT: "0",
      });
      const url = await heard(/http:\/\/127\.0\.0\.1:\d+/);
      return {
        described,
        url,
        said,
        heard: async (text) => void (await heard(new RegExp(text))),
        async stop() {
          child.kill(image.stopSignal as NodeJS.Signals);
          const leftMs = (described.graceSeconds - described.waitSeconds) * 1_000;
          let timer: NodeJS.Timeout | undefined;
          const killed = new Promise<"killed">((resolve) => {
            timer = setTimeout(() => {
              child.kill("SIGKILL");
              resolve("killed");
            }, leftMs);
          });
          const outcome = await Promise.race([ended, killed]);
          clearTimeout(timer);
          return outcome;
        },
      };
    },
    healthCheck: ({ url }) => startProcess(image.healthCheck, { CMO_PORT: new URL(url).port }).ended,
    async changes() {
      const after = await listing(folder, home);
      return [...new Set([...before, ...after])].filter((one) => !before.has(one) || !after.has(one));
    },
    async close() {
      for (const child of running) child.kill("SIGKILL");
      spawnSync("chmod", ["-R", "u+w", place]);
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** Every file of some folders, with its size and the time of its last change. */
async function listing(...folders: readonly string[]): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = await stat(path);
      all.add(`${path} ${size} ${mtimeMs}`);
    }
  }
  return all;
}
