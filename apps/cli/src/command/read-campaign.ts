import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type CampaignConfig, CmoError, type Problem } from "@cmo/engine";
import { formatProblems, loadWrittenCampaign, parseSetFlags } from "@cmo/runtime";
import type { CommandContext } from "./command-context.ts";

/** A config that was read, with what is to be said about it; or everything that is wrong. */
export type ReadCampaign =
  | { ok: true; config: CampaignConfig; text: string; file: string; warnings: readonly Problem[] }
  | { ok: false; file: string; problems: readonly Problem[]; near: readonly string[] };

/** Reads the config of `--config` with the values of `--set` over it. @throws CmoError `usage` without a file. */
export async function readCampaign(
  { host }: Pick<CommandContext, "host">,
  options: { config?: string | undefined; set?: readonly string[] | undefined },
): Promise<ReadCampaign> {
  if (options.config === undefined) {
    const near = await campaignFiles(host.cwd, "campaign.yaml");
    throw new CmoError("usage", "No campaign was named.", {
      hint: near.length === 0 ? "Make one with: cmo init" : `Add --config ${near[0]}`,
    });
  }
  const file = options.config;
  const path = resolve(host.cwd, file);
  const flags = (options.set ?? []).map((flag) => parseSetFlags([flag]));
  const loaded = await loadWrittenCampaign(path, {
    now: new Date(host.clock.now()),
    overrides: flags.flatMap((flag) => (flag.ok ? flag.value : [])),
  });
  const misread = flags.flatMap((flag) => (flag.ok ? [] : flag.problems));
  if (loaded.ok && misread.length === 0) {
    return { ok: true, ...loaded.value, file, warnings: loaded.warnings };
  }
  const problems = [...misread, ...(loaded.ok ? [] : loaded.problems)];
  const needsNear = !problems.some((problem) => problem.suggestion !== undefined) && !(await isThere(path));
  return { ok: false, file, problems, near: needsNear ? await campaignFiles(host.cwd, file) : [] };
}

/** The problems as text, a line each, and what to do. */
export function problemReport({ file, problems, near }: Extract<ReadCampaign, { ok: false }>): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const hint = near.length === 0 ? "" : `Did you mean ${near.join(", ")}?\n`;
  return `${formatProblems(problems, file)}\n${hint}${count}; nothing was started.\n`;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Campaign files beside the one that was named and in `config/`, the most alike first. */
async function campaignFiles(cwd: string, wanted: string): Promise<string[]> {
  const folders = [...new Set([dirname(wanted), "config", "."])];
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(resolve(cwd, folder)).catch(() => []);
      return names.filter((name) => /\.ya?ml$/i.test(name)).map((name) => join(folder, name));
    }),
  );
  const unlike = (path: string) => difference(basename(path), basename(wanted));
  return [...new Set(found.flat())]
    .filter((path) => !/(?:^|[/\\])(?:pnpm-|docker-compose|\.)/.test(path))
    .sort((one, other) => unlike(one) - unlike(other) || (one < other ? -1 : 1))
    .slice(0, 3);
}

/** How unlike two file names are: letters that one has and the other has not, in any order. */
function difference(one: string, other: string): number {
  const left = new Map<string, number>();
  for (const letter of one.toLowerCase()) left.set(letter, (left.get(letter) ?? 0) + 1);
  for (const letter of other.toLowerCase()) left.set(letter, (left.get(letter) ?? 0) - 1);
  return [...left.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}
