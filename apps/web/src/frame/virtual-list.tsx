import type { JSX, TargetedEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Rows that are drawn although nobody sees them yet, above and below. */
const spareRows = 8;

/** What a list is drawn with. */
export interface VirtualListProps {
  /** How many rows there are. */
  readonly count: number;
  /** The height of each, in pixels. */
  readonly rowHeight: number;
  readonly label: string;
  readonly class?: string;
  /** What it is to who does not see it. Default: a list; its rows are then list items. */
  readonly role?: "list" | "rowgroup";
  /** Stays at its end while it grows, as long as one has not scrolled away from it. */
  readonly followsEnd?: boolean;
  /** Is told which rows are seen. */
  onRange?(from: number, to: number): void;
  row(index: number): JSX.Element;
}

/** A list of any length of which only what is seen is in the page. */
export function VirtualList({
  count,
  rowHeight,
  label,
  class: name = "",
  role = "list",
  followsEnd = false,
  onRange,
  row,
}: VirtualListProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const isAtEnd = useRef(true);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const from = Math.max(0, Math.floor(top / rowHeight) - spareRows);
  const to = Math.min(count, Math.ceil((top + height) / rowHeight) + spareRows);

  useEffect(() => onRange?.(from, to), [from, to, count]);
  useEffect(() => {
    const element = box.current;
    if (followsEnd && isAtEnd.current && element !== null) element.scrollTop = element.scrollHeight;
  }, [count, followsEnd]);

  function onScroll(event: TargetedEvent<HTMLDivElement>): void {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    isAtEnd.current = scrollTop + clientHeight >= scrollHeight - rowHeight;
    setTop(scrollTop);
  }

  const rows: JSX.Element[] = [];
  for (let index = from; index < to; index += 1) rows.push(row(index));
  return (
    <div ref={box} class={`virtual ${name}`} role={role} aria-label={label} tabIndex={0} onScroll={onScroll}>
      <div class="virtual-whole" style={{ height: `${count * rowHeight}px` }}>
        <div class="virtual-rows" style={{ transform: `translateY(${from * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
