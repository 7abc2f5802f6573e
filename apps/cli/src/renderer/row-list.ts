import {
  type DefaultRenderer,
  Listr,
  ListrDefaultRendererLogLevels,
  ListrLogger,
  ListrTaskState,
  type ListrTaskWrapper,
  ProcessOutput,
} from "listr2";
import type { Terminal } from "../terminal/terminal.ts";
import type { Paint } from "../view/paint.ts";

/** What a row's mark says. */
export type RowMark = "waiting" | "active" | "done" | "failed";

/** One line of the list. */
export interface Row {
  mark: RowMark;
  text: string;
}

/** What the list shows at one moment. */
interface Frame {
  rows: readonly Row[];
  status: string;
}

/** Lines that are redrawn in place. */
export interface RowList {
  /** Shows a frame; nothing is written when nothing changed. */
  draw(frame: Frame): void;
  /** Draws the last rows, without the status, and leaves them above. The cursor is visible again. */
  close(frame: Frame): Promise<void>;
}

/** What {@link openRowList} is told. */
export interface RowListOptions {
  terminal: Terminal;
  emoji: boolean;
  paint: Paint;
  /** At most so many rows. */
  rows: number;
}

/**
 * A list of Listr2's whose rows are moved from outside. All tasks run from the beginning and end together; what a row
 * looks like is set on it directly, and the last thing set in a frame draws them all at once. An empty row is not shown.
 */
export async function openRowList({ terminal, emoji, paint, rows }: RowListOptions): Promise<RowList> {
  const end = deferred();
  const slots: Slot[] = [];
  const mounted = deferred();
  let drawn = "";

  const rendererOptions = {
    lazy: true,
    formatOutput: "truncate" as const,
    logger: new ListrLogger<ListrDefaultRendererLogLevels>({ processOutput: liveOutput(terminal) }),
    ...marks(emoji, paint),
  };
  const mount = (_context: unknown, slot: Slot) => {
    slots.push(slot);
    if (slots.length === rows + 1) mounted.resolve();
    return end.promise;
  };
  const listr = new Listr(
    // The last one has no title: what it puts out stands in the line below the rows.
    [...Array.from({ length: rows }, () => ({ title: " ", task: mount })), { task: mount }],
    {
      concurrent: true,
      exitOnError: false,
      // Its own handler would end the program with 127; interrupts are the program's business.
      registerSignalListeners: false,
      renderer: "default",
      rendererOptions,
      // Whether this is a terminal was decided before; the list would look at the process instead.
      fallbackRenderer: "default",
      fallbackRendererOptions: rendererOptions,
    },
  );
  const running = listr.run();
  await mounted.promise;

  function put(frame: Frame): void {
    for (const [index, { task }] of slots.slice(0, rows).entries()) {
      const row = frame.rows[index];
      task.title = row?.text ?? "";
      task.state = stateOf[row?.mark ?? "waiting"];
    }
  }

  return {
    draw(frame) {
      const text = JSON.stringify(frame);
      const status = slots.at(-1);
      if (text === drawn || status === undefined) return;
      drawn = text;
      put(frame);
      status.output = frame.status;
    },
    async close(frame) {
      put(frame);
      end.resolve();
      await running;
    },
  };
}

type Slot = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

const stateOf: Readonly<Record<RowMark, ListrTaskState>> = {
  waiting: ListrTaskState.WAITING,
  active: ListrTaskState.STARTED,
  done: ListrTaskState.COMPLETED,
  failed: ListrTaskState.FAILED,
};

function marks(emoji: boolean, paint: Paint) {
  const { WAITING, PENDING, COMPLETED, FAILED, OUTPUT_WITH_BOTTOMBAR } = ListrDefaultRendererLogLevels;
  const [waiting, active, done, failed, status] = emoji
    ? ["·", "❯", "✔", "✖", "›"]
    : [".", ">", "+", "x", "-"];
  return {
    icon: {
      [WAITING]: waiting,
      [PENDING]: active,
      [COMPLETED]: done,
      [FAILED]: failed,
      [OUTPUT_WITH_BOTTOMBAR]: status,
    },
    color: {
      [WAITING]: (text = "") => paint.faint(text),
      [PENDING]: (text = "") => paint.busy(text),
      [COMPLETED]: (text = "") => paint.good(text),
      [FAILED]: (text = "") => paint.bad(text),
      [OUTPUT_WITH_BOTTOMBAR]: (text = "") => paint.faint(text),
    },
  };
}

/** Listr2 copies the stream, and with it the size that the terminal has at that moment; this one follows a resize. */
function liveOutput({ stdout, stderr }: Terminal): ProcessOutput {
  const output = new ProcessOutput(stdout, stderr);
  const { write } = output.stdout;
  const live = {
    write,
    get columns() {
      return stdout.columns;
    },
    get rows() {
      return stdout.rows;
    },
  };
  Object.defineProperty(output, "stdout", { get: () => live });
  return output;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
