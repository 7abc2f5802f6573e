import { CmoError } from "@cmo/engine";

/** Holds leads to their announced count, so that no file says one number and holds another. */
interface LeadCount {
  /**
   * Counts one lead.
   *
   * @throws CmoError `export_failed`, retryable, when it is one too many: the store changed in between.
   */
  add(): void;
  /**
   * Says that no more will come.
   *
   * @throws CmoError `export_failed`, retryable, when there were too few.
   */
  end(): void;
}

/** A {@link LeadCount} that expects `count` leads. */
export function createLeadCount(count: number): LeadCount {
  let seen = 0;
  return {
    add() {
      seen += 1;
      if (seen > count) throw changed(count, "more came");
    },
    end() {
      if (seen < count) throw changed(count, `${seen} came`);
    },
  };
}

function changed(count: number, found: string): CmoError {
  return new CmoError(
    "export_failed",
    `${count} leads were announced and ${found}: they changed meanwhile.`,
    {
      hint: "Export again.",
      retryable: true,
    },
  );
}
