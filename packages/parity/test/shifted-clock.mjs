// Loaded into a process before its program (`--import`): the time of day is so many milliseconds later there than it is,
// as on a machine whose clock is wrong. What is measured between two moments stays right.
const RealDate = Date;
const shiftMs = Number(new URL(import.meta.url).searchParams.get("ms"));

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shiftMs);
    else super(...given);
  }
  static now() {
    return RealDate.now() + shiftMs;
  }
};
