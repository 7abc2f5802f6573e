import type { ComponentChildren, JSX } from "preact";

/** What a notice is about. */
export type NoticeKind = "info" | "warning" | "error" | "success";

const marks: Readonly<Record<NoticeKind, string>> = { info: "i", warning: "!", error: "×", success: "✓" };

/** A message that stands in the page. Errors are read out at once, others when there is time. */
export function Notice({
  kind,
  title,
  children,
}: {
  readonly kind: NoticeKind;
  readonly title?: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`notice notice-${kind}`} role={kind === "error" ? "alert" : "status"}>
      <span class="notice-mark" aria-hidden="true">
        {marks[kind]}
      </span>
      <div>
        {title === undefined ? null : <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
