import { readFileSync } from "node:fs";
import { find, listAt, mapAt, readAllYaml, readYaml, textAt, textsAt } from "./document.ts";

/** The checkout. */
export const root = new URL("../../../", import.meta.url).pathname;

/** A file of the checkout. */
export function fileText(path: string): string {
  return readFileSync(new URL(path, `file://${root}`), "utf8");
}

/** What the last stage of a Dockerfile says of the image, and what the one before runs. */
export interface Image {
  readonly bases: readonly string[];
  readonly runs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly ports: readonly string[];
  readonly stopSignal: string;
  readonly healthCheck: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** The image of `deploy/Dockerfile`. */
export function readImage(): Image {
  const lines = fileText("deploy/Dockerfile")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const all = lines.map((line) => {
    const [instruction = ""] = line.split(" ", 1);
    return { instruction, rest: line.slice(instruction.length).trim() };
  });
  const version = /^NODE_VERSION=(\S+)$/.exec(
    all.find(({ instruction }) => instruction === "ARG")?.rest ?? "",
  );
  const last = all.slice(all.findLastIndex(({ instruction }) => instruction === "FROM"));
  const of = (instruction: string, from = last) =>
    from.filter((one) => one.instruction === instruction).map(({ rest }) => rest);
  const words = (text = ""): string[] => JSON.parse(text);
  return {
    bases: of("FROM", all).map((base) => base.replace(/\$\{NODE_VERSION\}/, version?.[1] ?? "")),
    runs: of("RUN", all),
    env: Object.fromEntries(of("ENV").map((text) => text.split("=", 2) as [string, string])),
    user: of("USER")[0] ?? "root",
    ports: of("EXPOSE"),
    stopSignal: of("STOPSIGNAL")[0] ?? "",
    healthCheck: words(/ CMD (\[.*)$/.exec(of("HEALTHCHECK")[0] ?? "")?.[1]),
    entrypoint: words(of("ENTRYPOINT")[0]),
    command: words(of("CMD")[0]),
  };
}

/** A process of `cmo` as a file describes it. */
export interface Described {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  /** Its variables, as far as they are not of a secret. */
  readonly env: Readonly<Record<string, string>>;
  /** From the first word to stop until it is killed. */
  readonly graceSeconds: number;
  /** How long it is still asked before it gets the signal. */
  readonly waitSeconds: number;
  readonly count: number;
  /** The part of the file that it is. */
  readonly raw: unknown;
}

/** The compose file, filled in from these variables. @throws Error for one that it wants and does not get. */
export function readCompose(variables: Readonly<Record<string, string>>): unknown {
  const text = fileText("deploy/compose.yaml").replaceAll(
    /\$\{([A-Z_]+)(:[-?])([^}]*)\}/g,
    (_all, name: string, kind: string, rest: string) => {
      const value = variables[name] ?? "";
      if (value !== "") return value;
      if (kind === ":-") return rest;
      throw new Error(`${name} ${rest}`);
    },
  );
  return readYaml(text);
}

/** The services of cmo in a compose file. */
export function composeProcesses(document: unknown): Described[] {
  return Object.entries(mapAt(document, "services"))
    .filter(([, service]) => textAt(service, "image").startsWith("cmo:"))
    .map(([name, service]) => ({
      name,
      image: textAt(service, "image"),
      args: textsAt(service, "command"),
      env: textMap(mapAt(service, "environment")),
      graceSeconds: Number.parseInt(textAt(service, "stop_grace_period"), 10),
      waitSeconds: 0,
      count: Number(find(service, "scale") ?? 1),
      raw: service,
    }));
}

/** All objects of `deploy/kubernetes`, as kustomization.yaml lists them. */
export function readManifests(): unknown[] {
  const kustomization = readYaml(fileText("deploy/kubernetes/kustomization.yaml"));
  return textsAt(kustomization, "resources").flatMap((name) =>
    readAllYaml(fileText(`deploy/kubernetes/${name}`)),
  );
}

/** The objects of a kind. */
export function ofKind(manifests: readonly unknown[], kind: string): unknown[] {
  return manifests.filter((manifest) => find(manifest, "kind") === kind);
}

/** The container of a deployment. */
export const containerPath = ["spec", "template", "spec", "containers", 0] as const;

/** The deployments, each of one container; `secret` is what the secret holds. */
export function kubernetesProcesses(
  manifests: readonly unknown[],
  secret: Readonly<Record<string, string>>,
): Described[] {
  return ofKind(manifests, "Deployment").map((deployment) => {
    const config = (name: string) =>
      ofKind(manifests, "ConfigMap").find((one) => textAt(one, "metadata", "name") === name);
    const env: Record<string, string> = {};
    for (const from of listAt(deployment, ...containerPath, "envFrom")) {
      Object.assign(env, textMap(mapAt(config(textAt(from, "configMapRef", "name")), "data")));
    }
    for (const variable of listAt(deployment, ...containerPath, "env")) {
      const from = find(variable, "valueFrom", "secretKeyRef");
      const value = from === undefined ? textAt(variable, "value") : (secret[textAt(from, "key")] ?? "");
      env[textAt(variable, "name")] = value;
    }
    const sleep = textsAt(deployment, ...containerPath, "lifecycle", "preStop", "exec", "command");
    return {
      name: textAt(deployment, "metadata", "name"),
      image: textAt(deployment, ...containerPath, "image"),
      args: textsAt(deployment, ...containerPath, "args"),
      env,
      graceSeconds: Number(textAt(deployment, "spec", "template", "spec", "terminationGracePeriodSeconds")),
      waitSeconds: Number(sleep[1] ?? 0),
      count: Number(textAt(deployment, "spec", "replicas")),
      raw: deployment,
    };
  });
}

function textMap(map: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)]));
}
