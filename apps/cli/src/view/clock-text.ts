/** A duration as a stop-watch shows it: `0:07`, `12:05`, `1:02:03`. It does not flicker as fractions would. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const tail = `${hours > 0 ? pad(minutes % 60) : minutes}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** A time of day here, to the second when it is near: `14:32`, `14:32:07`. */
export function timeOfDay(at: number, now: number): string {
  const date = new Date(at);
  const minutes = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  return at - now < 120_000 ? `${minutes}:${pad(date.getSeconds())}` : minutes;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
