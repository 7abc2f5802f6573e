import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { CmoError, type Lead, type LeadExporter, leadSchema, withoutFetchTimes } from "@cmo/engine";
import * as v from "valibot";
import { nodeDigest } from "../host/node-digest.ts";
import { fileLines, longestLine, WrongForm } from "./file-lines.ts";
import { parseJson } from "./parse-json.ts";

/**
 * The digest of a lead file with blank times of asking, as the log has it (SHA-256, lower-case hexadecimal). Reads the
 * file a line at a time.
 * @throws WrongForm when it is not, byte for byte but for the times, what such a file is; CmoError `not_found`.
 */
export function comparableDigest(path: string, exporter: LeadExporter): Promise<string> {
  return exporter.mediaType.startsWith("text/csv") ? csvDigest(path) : jsonDigest(path, exporter);
}

/** What is said of a file that is another one by its form. */
export const wrongForm = "it does not have the form of such a file";

/** The leads are read from their lines; that all else is as it must be shows in what they are written as. */
async function jsonDigest(path: string, exporter: LeadExporter): Promise<string> {
  const file = createHash("sha256");
  const count = await countIn(path);
  for await (const bytes of createReadStream(path)) file.update(bytes);
  if ((await renderedDigest(exporter, leadsIn(path), count)) !== file.digest("hex"))
    throw new WrongForm(wrongForm);
  return renderedDigest(exporter, blank(leadsIn(path)), count);
}

async function countIn(path: string): Promise<number> {
  let number = 0;
  for await (const line of fileLines(path)) {
    number += 1;
    if (number !== 2) continue;
    const count = /^ {2}"count": (\d{1,15}),\n$/.exec(line)?.[1];
    if (count !== undefined) return Number(count);
  }
  throw new WrongForm(wrongForm);
}

async function* leadsIn(path: string): AsyncGenerator<Lead, void, undefined> {
  for await (const line of fileLines(path)) {
    if (!line.startsWith(leadBegin)) continue;
    const parsed = v.safeParse(leadSchema, parseJson(line.trim().replace(/,$/, "")));
    if (!parsed.success) throw new WrongForm(wrongForm);
    yield parsed.output;
  }
}

const leadBegin = "    {";

async function* blank(leads: AsyncIterable<Lead>): AsyncGenerator<Lead, void, undefined> {
  for await (const lead of leads) yield withoutFetchTimes(lead);
}

async function renderedDigest(
  exporter: LeadExporter,
  leads: AsyncIterable<Lead>,
  count: number,
): Promise<string> {
  const hash = nodeDigest();
  try {
    for await (const piece of exporter.render(leads, count)) hash.update(piece);
  } catch (error) {
    if (error instanceof CmoError && error.code === "export_failed") throw new WrongForm(wrongForm);
    throw error;
  }
  return hash.digest("hex");
}

/** The last two columns of each record blank. @throws WrongForm when one does not end in two instants, or nothing in their place. */
async function csvDigest(path: string): Promise<string> {
  const hash = nodeDigest();
  let isHeader = true;
  for await (const record of recordsIn(path)) {
    const match = isHeader ? null : timesAtEnd.exec(record);
    if (isHeader) hash.update(record);
    else if (match === null) throw new WrongForm(wrongForm);
    else hash.update(`${record.slice(0, match.index)},,\r\n`);
    isHeader = false;
  }
  return hash.digest("hex");
}

const instant = "(?:\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?Z)?";
const timesAtEnd = new RegExp(`,${instant},${instant}\\r\\n$`);

/** The records of a CSV with their ends; a line end within quotes is none. */
async function* recordsIn(path: string): AsyncGenerator<string, void, undefined> {
  let record = "";
  let quotes = 0;
  for await (const line of fileLines(path)) {
    record += line;
    quotes += line.split('"').length - 1;
    if (record.length > longestLine) throw new WrongForm(wrongForm);
    if (quotes % 2 === 1) continue;
    yield record;
    record = "";
  }
  if (record !== "") yield record;
}
