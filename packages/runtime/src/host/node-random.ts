import { randomBytes } from "node:crypto";
import type { Random } from "@cmo/engine";

/** A number in [0, 1) of 48 random bits from the system's generator: keys of suppression hashes come out of it too. */
export const nodeRandom: Random = () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
