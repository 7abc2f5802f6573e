import type { Progress, ProgressStage } from "@cmo/engine";
import type { RunView } from "@cmo/view";
import { createPaint } from "../view/paint.ts";
import { type RowStyle, stageRow } from "../view/stage-row.ts";
import { statusLine } from "../view/status-line.ts";
import { visibleStages } from "../view/visible-stages.ts";
import { wrapWords } from "../view/wrap-words.ts";
import { followRun } from "./follow-run.ts";
import type { Renderer, RendererContext } from "./renderer.ts";
import { openRowList, type Row, type RowList, type RowMark } from "./row-list.ts";

/** Redrawing more often flickers; less often looks stuck. */
const tickMs = 120;
/** Rows of stages; with the line below and the empty one between them the list is 12 lines. */
const mostRows = 10;
/** The line of the prompt, the goal and the job's id stay visible above the rows. */
const linesAround = 6;

/** A row per stage with its own bar and counter, redrawn in place on a terminal. */
export async function openTtyRenderer(context: RendererContext): Promise<Renderer> {
  const { terminal, clock, emoji, startsAt, learnGrounds } = context;
  const paint = createPaint(context.colors);
  const run = followRun(learnGrounds);
  let notice: string | null = null;
  let list: RowList | null = null;
  let opening: Promise<void> | null = null;
  let closed = false;

  const frame = () => {
    const view = run.view();
    const columns = terminal.columns() || 80;
    const now = view.endedAt ?? clock.now();
    // Two columns for the mark and its space, two that the list keeps free.
    const width = columns - 4;
    // Whoever leaves before the end leaves nothing turning, and nothing that looks done.
    const isLeft = closed && view.endedAt === null;
    return {
      rows: rowsOf(view, now, { width, emoji, paint, rows: roomFor(terminal.stdout.rows), isLeft }),
      status: paint.faint(statusLine(view, now, { width, notice, startsAt, estimate: run.estimate(now) })),
    };
  };

  async function open(): Promise<void> {
    const mark = emoji ? "▶" : "==";
    const indent = " ".repeat(mark.length + 1);
    const { goal: wanted, jobId } = run.view();
    const goal = wrapWords(`${mark} ${wanted ?? ""}`, { width: terminal.columns() || 80, indent });
    await terminal.write(`${goal}\n${indent}${paint.faint(jobId ?? "")}\n\n`);
    list = await openRowList({ terminal, emoji, paint, rows: mostRows });
  }

  const stopTicking = tick(() => {
    if (list !== null && !closed) list.draw(frame());
  });

  return {
    async sink(event) {
      await run.take(event);
      if (run.view().jobId !== null && !closed) opening ??= open();
      await opening;
    },
    notice(text) {
      // Without rows there is no line to keep up to date: it is said once.
      if (list === null && text !== null && notice === null) terminal.writeError(`${text}\n`);
      notice = text;
    },
    async close() {
      closed = true;
      stopTicking();
      await opening;
      notice = null;
      await list?.close(frame());
    },
  };
}

function tick(draw: () => void): () => void {
  const timer = setInterval(draw, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}

function roomFor(lines: number | undefined): number {
  return Math.max(1, Math.min(mostRows, (lines ?? 24) - linesAround));
}

function rowsOf(
  view: RunView,
  now: number,
  { rows, isLeft, ...style }: Omit<RowStyle, "nameWidth"> & { rows: number; isLeft: boolean },
): Row[] {
  const stages = visibleStages(view.progress.stages, rows);
  const nameWidth = Math.min(16, Math.max(0, ...stages.map((stage) => stage.id.length)));
  return stages.map((stage) => ({
    mark: isLeft && stage.state === "active" ? "waiting" : markOf(stage, view.progress),
    text: stageRow(stage, view.stages[stage.id], now, {
      ...style,
      nameWidth,
    }),
  }));
}

function markOf(stage: ProgressStage, { status }: Progress): RowMark {
  if (stage.state !== "active") return stage.state === "done" ? "done" : "waiting";
  // What was being done when the run ended has failed, when it was paused it waits; nothing is left turning.
  if (status === "paused") return "waiting";
  return status === "failed" || status === "cancelled" ? "failed" : "active";
}
