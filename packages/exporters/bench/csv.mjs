// What a million leads cost as CSV: time against bare chunked papaparse over the same leads, and peak memory.
// Each measurement is a process of its own, so that one's memory does not count for another.
import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(import.meta.url);
const leadCount = Number(process.env.CMO_BENCH_ROWS ?? 1_000_000);
const rounds = 2;

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  const ours = [];
  const bare = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await measure("bare"));
    ours.push(await measure("ours"));
  }
  const fastestOf = (results) => Math.min(...results.map((result) => result.seconds));
  const highestOf = (results) => Math.max(...results.map((result) => result.peakMebibytes));
  const speed = fastestOf(bare) / fastestOf(ours);
  const peak = highestOf(ours);
  const perSecond = (results) => `${Math.round(leadCount / fastestOf(results) / 1000)} k rows/s`;
  return [
    {
      name: "CSV: speed against bare chunked papaparse",
      ratio: speed,
      limit: 0.8,
      detail: `at least; ${leadCount} leads, ${perSecond(ours)}, bare ${perSecond(bare)}, ${Math.round(ours[0].bytes / 1e6)} MB`,
      ok: speed >= 0.8,
    },
    {
      name: "CSV: peak memory of a million leads / 160 MiB",
      ratio: peak / 160,
      limit: 1,
      detail: `at most; ${Math.round(peak)} MiB, bare ${Math.round(highestOf(bare))} MiB`,
      ok: peak <= 160,
    },
  ];
}

async function measure(way) {
  const { stdout } = await promisify(execFile)(process.execPath, [here, way], { env: process.env });
  return JSON.parse(stdout);
}

/** Both ways read these: leads as a store gives them, made on the fly so that they take no memory. */
async function* imaginaryLeads() {
  for (let rank = 1; rank <= leadCount; rank++) yield imaginaryLead(rank);
}

function imaginaryLead(rank) {
  const at = "2026-03-04T05:06:07.000Z";
  return {
    rank,
    login: `maintainer-${rank}`,
    nodeId: `U_${rank}`,
    name: `Ada ${rank} Example`,
    email: `ada.${rank}@mail.example`,
    emailSource: "github.user.email",
    contactable: true,
    contactReason: "ok",
    mxStatus: "ok",
    score: 71.5,
    scoreFit: 30,
    scoreActivity: 25.5,
    scoreReachability: 16,
    reasons: [
      { signal: "language", points: 20, evidence: "https://github.example/imaginary/compiler" },
      { signal: "commits", points: 25.5, evidence: `${rank % 100} commits in 90 days` },
      { signal: "mx", points: 16, evidence: "mail.example" },
    ],
    company: "@imaginary-works",
    location: "Köln, Germany",
    bio: 'Writes parsers, "mostly" on weekends.\nLikes tea.',
    websiteUrl: `https://ada-${rank}.example`,
    twitterUsername: null,
    followers: rank % 5000,
    repositories: [
      { name: "imaginary/compiler", commits: 41, lastCommitAt: at },
      { name: "imaginary/parser", commits: 7, lastCommitAt: at },
    ],
    commits: 48,
    lastActiveAt: at,
    profileUrl: `https://github.example/maintainer-${rank}`,
    firstSeenAt: at,
    fetchedAt: at,
    provenance: { email: { source: "github.user.email", url: null, fetchedAt: at } },
  };
}

/** Our exporter to our atomic writer, synced to the disk. */
async function writeOurs(path) {
  const { findLeadExporter, writeFileAtomically } = await import("../dist/index.js");
  await writeFileAtomically(path, findLeadExporter("csv").render(imaginaryLeads(), leadCount));
}

/** The least one would write by hand: rows of cells, unparsed 5,000 at a time, into a stream; waits for drain. */
async function writeBare(path) {
  const { default: Papa } = await import("papaparse");
  const stream = createWriteStream(path);
  let rows = [];
  const flush = async () => {
    const more = stream.write(`${Papa.unparse(rows)}\r\n`);
    rows = [];
    if (!more) await new Promise((resolve) => stream.once("drain", resolve));
  };
  for await (const lead of imaginaryLeads()) {
    rows.push([
      lead.rank,
      lead.login,
      lead.nodeId,
      lead.name,
      lead.email,
      lead.emailSource,
      lead.contactable,
      lead.contactReason,
      lead.mxStatus,
      lead.score,
      lead.scoreFit,
      lead.scoreActivity,
      lead.scoreReachability,
      JSON.stringify(lead.reasons),
      lead.company,
      lead.location,
      lead.bio,
      lead.websiteUrl,
      lead.twitterUsername,
      lead.followers,
      JSON.stringify(lead.repositories),
      lead.commits,
      lead.lastActiveAt,
      lead.profileUrl,
      lead.firstSeenAt,
      lead.fetchedAt,
    ]);
    if (rows.length === 5000) await flush();
  }
  if (rows.length > 0) await flush();
  await new Promise((resolve) => stream.end(resolve));
}

async function measureHere(way) {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-"));
  try {
    const path = join(folder, "leads.csv");
    const started = process.hrtime.bigint();
    await (way === "ours" ? writeOurs : writeBare)(path);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const peakMebibytes = process.resourceUsage().maxRSS / 1024;
    return { seconds, peakMebibytes, bytes: (await stat(path)).size };
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1] === here) {
  const way = process.argv[2];
  if (way === "ours" || way === "bare") process.stdout.write(JSON.stringify(await measureHere(way)));
  else process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
}
