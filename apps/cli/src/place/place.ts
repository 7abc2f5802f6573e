import type { StoredRuntime } from "@cmo/runtime";
import type { PlaceCommand } from "./place-command.ts";

/** A store that this process has opened. */
export interface StorePlace {
  readonly type: "store";
  /** For messages: the file, or what it is. */
  readonly name: string;
  readonly runtime: StoredRuntime;
  readonly command: PlaceCommand;
}

/** An API that is asked over HTTP. */
export interface ApiPlace {
  readonly type: "api";
  /** Its address. */
  readonly name: string;
  readonly command: PlaceCommand;
}

/** Where jobs are. */
export type Place = StorePlace | ApiPlace;
