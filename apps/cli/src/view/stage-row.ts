import type { ProgressStage } from "@cmo/engine";
import type { StageView } from "@cmo/view";
import { clockText } from "./clock-text.ts";
import { countText } from "./count-text.ts";
import type { Paint } from "./paint.ts";

/** What a row is drawn with. */
export interface RowStyle {
  /** Columns for the row, its mark left out. */
  width: number;
  /** Columns of the longest stage name in the list. */
  nameWidth: number;
  /** False for ASCII. */
  emoji: boolean;
  paint: Paint;
}

/**
 * One stage as a line of text: name, bar, count, time, what it is working on. What does not fit is left out, from the
 * last to the first; the item stands last, and may be longer than the line.
 */
export function stageRow(
  stage: ProgressStage,
  view: StageView | undefined,
  now: number,
  { width, nameWidth, emoji, paint }: RowStyle,
): string {
  const name = stage.id.padEnd(nameWidth);
  if (view === undefined) return paint.faint(name.trimEnd());
  const { bar: barWidth, hasTime } = columnsFor(width);
  // Full is for what is done.
  const filled =
    stage.state === "done" ? barWidth : Math.min(barWidth - 1, Math.floor(view.shownShare * barWidth));
  const bar = barWidth === 0 ? "" : paintedBar(filled, barWidth, emoji, paint);
  const elapsed = clockText((view.endedAt ?? now) - view.startedAt);
  const time = hasTime ? paint.faint(elapsed.padStart(timeWidth)) : "";
  const parts = [name, bar, countOf(stage).padStart(countWidth), time].filter((part) => part !== "");
  const remark = stage.state === "active" ? (view.item ?? "") : leftText(stage, view);
  return [...parts, paint.faint(width >= itemFrom ? remark : "")].join("  ").trimEnd();
}

/** A stage that is done with a part of its items is no mistake; without a word it looks like one. */
function leftText({ itemsProcessed, itemsTotal }: ProgressStage, { leftBecause }: StageView): string {
  if (leftBecause === null || itemsTotal === null) return "";
  const left = `${countText(itemsTotal - itemsProcessed)} not read`;
  return leftBecause === "target" ? `${left}: target reached` : left;
}

/** Room for `12,345/12,345`. */
const countWidth = 9;
const itemFrom = 64;
/** Room for `1:23:45`. */
const timeWidth = 7;

/** How wide the bar is, 0 for none, and whether there is room for the time. */
function columnsFor(width: number): { bar: number; hasTime: boolean } {
  if (width < 34) return { bar: 0, hasTime: false };
  if (width < 44) return { bar: 8, hasTime: false };
  if (width < 64) return { bar: 10, hasTime: true };
  return { bar: width < 90 ? 14 : 22, hasTime: true };
}

function paintedBar(filled: number, width: number, emoji: boolean, paint: Paint): string {
  const [full, empty] = emoji ? ["█", "░"] : ["#", "."];
  return paint.bar(full.repeat(filled)) + paint.faint(empty.repeat(width - filled));
}

function countOf({ itemsProcessed, itemsTotal }: ProgressStage): string {
  if (itemsTotal === null) return itemsProcessed === 0 ? "" : countText(itemsProcessed);
  return `${countText(itemsProcessed)}/${countText(itemsTotal)}`;
}
